"""The municipality takes its part of a case over into its own records."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.documents import bp
from portal.blueprints.documents.forms import PeriodForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Forbidden
from portal.core.pages import Page
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.queries import cases as case_queries
from portal.queries.visibility import relation_of
from portal.services import records as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import lens_of
from portal.web.downloads import download
from portal.web.records_file import packed
from portal.web.saving import saved


def _case(public_id: str) -> tuple[Any, Lens]:
    """The case, for somebody to whom its documents are open. Raises NotFound, Forbidden."""
    actor = current_actor()
    case = case_queries.get_told(actor, public_id)
    seen = lens_of(actor, case)
    if not seen.shows(FieldGroup.DOCUMENT_FILE):
        raise Forbidden
    return case, seen


@bp.get("/<public_id>/records")
@access(Permission.RECORDS_EXPORT)
def records(public_id: str) -> ResponseReturnValue:
    """From when to when."""
    case, _seen = _case(public_id)
    today = local_date(utc_now())
    form = PeriodForm(data={"from_on": local_date(case.opened_at), "to_on": today})
    log_view(case_id=case.id, relation=relation_of(current_actor()), page=Page.RECORDS)
    return _page(form, public_id)


@bp.post("/<public_id>/records")
@access(Permission.RECORDS_EXPORT, audit=Audit.RECORDS_EXPORTED, step_up=True)
def export(public_id: str) -> ResponseReturnValue:
    """The file, made at once and kept nowhere."""
    actor, form, made_at, found = current_actor(), PeriodForm(), utc_now(), []
    case, seen = _case(public_id)

    def collect() -> None:
        period = form.from_on.data, form.to_on.data
        found.append(service.collect(case, seen, *period, actor=actor, now=made_at))

    if not saved(form, collect, then=url_for("documents.records", public_id=public_id)):
        return _page(form, public_id, status=form.status)
    return download(packed(found[0], organisation=actor.organisation_name, made_at=made_at), "zip")


def _page(form: PeriodForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    back = url_for("documents.index", public_id=public_id)
    return render_template("documents/records.html", form=form, back=back), status
