"""New violence, recorded in a minute with the telephone in the hand."""

from datetime import date

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.risk import bp
from portal.blueprints.risk.forms import ViolenceForm, said
from portal.blueprints.risk.routes import NARRATIVE, overview_url
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.pages import Page
from portal.core.risk import ViolenceKind
from portal.core.states import CaseState
from portal.queries import cases as case_queries
from portal.queries.visibility import relation_of
from portal.services import violence as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, must_show
from portal.web.htmx import after_change, page_or_part
from portal.web.saving import saved


@bp.get("/<public_id>/violence")
@access(Permission.CASE_EDIT)
def violence(public_id: str) -> ResponseReturnValue:
    """What has happened, in a few taps."""
    return _violence_page(public_id, _begun())


def _begun() -> ViolenceForm:
    """The form, with the day of the talk in which she told of it where that was an earlier one (R-873)."""
    try:
        day = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return ViolenceForm()
    if day >= local_date(utc_now()):
        return ViolenceForm()
    return ViolenceForm(data={"when": "earlier", "happened_on": day})


@bp.post("/<public_id>/violence")
@access(Permission.CASE_EDIT, audit=Audit.VIOLENCE_RECORDED)
def record_violence(public_id: str) -> ResponseReturnValue:
    """Record it: somebody looks at her safety by tomorrow, and volunteers' visits wait."""
    actor, form = current_actor(), ViolenceForm()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, NARRATIVE)

    def save() -> None:
        service.record_violence(case, _told(form), actor=actor, now=utc_now())

    if not saved(form, save, then=overview_url(public_id)):
        return _violence_page(public_id, form, status=422)
    words = _("Recorded. Her safety must be looked at by tomorrow. Volunteer visits wait until then.")
    return after_change(overview_url(public_id), message=words)


def _told(form: ViolenceForm) -> service.Told:
    is_earlier = form.when.data == "earlier"
    if is_earlier and form.happened_on.data is None:
        raise Invalid(_("Write the day. About is good enough."), field="happened_on")
    return service.Told(
        kinds=[ViolenceKind(kind) for kind in form.kinds.data or ()],
        by_whom=form.by_whom.data,
        happened_on=form.happened_on.data if is_earlier else None,
        police=form.police.data,
        is_order_breached=said(form.is_order_breached),
        did_children_see=said(form.did_children_see),
        text=form.text.data,
    )


def _violence_page(public_id: str, form: ViolenceForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, NARRATIVE)
    about = {"case_reference": case.reference, "is_open": case.state is CaseState.OPEN}
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.VIOLENCE)
    return page_or_part(
        "risk/violence.html",
        "risk/_violence.html",
        status,
        **about,
        case_id=public_id,
        form=form,
        back=case_url(public_id),
    )
