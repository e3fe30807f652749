"""What somebody asks about her own or a child's data, written down by the case's team."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import RightsForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission, Role
from portal.core.pages import Page
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.queries import cases as case_queries
from portal.queries import children
from portal.queries import requests as people
from portal.queries import rights as queries
from portal.queries.visibility import relation_of
from portal.services import rights as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, must_have_whole
from portal.web.htmx import after_change
from portal.web.saving import saved


@bp.get("/<public_id>/rights")
@access(Permission.RIGHTS_RECORD)
def rights_page(public_id: str) -> ResponseReturnValue:
    """What was asked for, and how far it is."""
    return _page(public_id, RightsForm(formdata=None, data={"received_on": local_date(utc_now())}))


@bp.post("/<public_id>/rights")
@access(Permission.RIGHTS_RECORD, audit=Audit.RIGHTS_RECORDED)
def record_request(public_id: str) -> ResponseReturnValue:
    """Write down that somebody asks. The data-protection officer is told."""
    actor, form = current_actor(), RightsForm()
    case = case_queries.get_known(actor, public_id)
    seen = must_have_whole(actor, case)
    form.child.choices = _children(case, seen)

    def save() -> None:
        service.record(
            case,
            kind=form.kind.data,
            capacity=form.capacity.data,
            child=children.get(case, form.child.data) if form.child.data else None,
            received_on=form.received_on.data,
            asked_by_note=form.asked_by_note.data,
            wishes=form.asked_for.data,
            actor=actor,
            now=utc_now(),
        )

    if not saved(form, save, then=_here(public_id)):
        return _page(public_id, form, form.status)
    return after_change(_here(public_id), message=_("Written down. It is answered within a month."))


def _here(public_id: str) -> str:
    return url_for("cases.rights_page", public_id=public_id)


def _children(case: Any, seen: Lens) -> list[tuple[str, str]]:
    """Her children by name; by number alone where the case no longer tells who they are (modifier M6)."""
    is_told = seen.shows(FieldGroup.CHILD_IDENTITY)
    today = local_date(utc_now())
    rows = (children.facts(row, seen, opened_at=case.opened_at, today=today) for row in children.list_children(case))
    unnamed = _("Child without a name")
    named = [
        (
            child.public_id,
            f"{child.name or unnamed} ({child.birth_year})" if is_told else _("Child %(number)s", number=at),
        )
        for at, child in enumerate(rows, start=1)
    ]
    return [("", "–"), *named]


def _page(public_id: str, form: RightsForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    case = case_queries.get_known(actor, public_id)
    seen = must_have_whole(actor, case)
    form.child.choices = _children(case, seen)
    shown = {
        "reference": case.reference,
        "rows": queries.list_of_case(case),
        "is_answered": people.has_role(case.owner_organisation_id, Role.DATA_PROTECTION_OFFICER),
        "form": form,
        "public_id": public_id,
        "back": case_url(public_id),
    }
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.RIGHTS)
    return render_template("cases/rights.html", **shown), status
