"""A stay that has ended, to be corrected: with a reason, and what stood there is kept."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.routes.stay import began_fields, offered, opened
from portal.blueprints.cases.stay_forms import SAID, EndedStayForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.queries import case_deadlines
from portal.queries import stays as queries
from portal.queries.visibility import relation_of
from portal.services import stay_corrections
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import form_page
from portal.web.clock_words import saved_and_moved
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.versions import against

ENDS = ("destination", "delay_reason", "main_activity", "permit", "reported", "counselling")


def _known(case: Any, stay: Any) -> EndedStayForm:
    leader, earlier = queries.public_ids(stay)
    known = {
        "version": stay.version,
        "admitted_on": stay.admitted_on,
        "previous_stay": SAID[stay.previous_stay_ever],
        "reasons": list(stay.admission_reasons),
        "leader": leader,
        "earlier": earlier,
        "link_reason": stay.link_reason,
        "discharged_on": stay.discharged_on,
        "reported": SAID[stay.is_reported],
        **{name: getattr(stay, name) for name in ENDS if name != "reported"},
    }
    form: EndedStayForm = offered(EndedStayForm(formdata=None, data=known), case)
    return form


@bp.get("/<public_id>/stays/<stay_id>")
@access(Permission.CASE_EDIT)
def ended_stay(public_id: str, stay_id: str) -> ResponseReturnValue:
    """A stay that has ended, to be corrected."""
    case, _seen = opened(public_id)
    form = _known(case, queries.get_ended(case, stay_id))
    log_view(case_id=case.id, relation=relation_of(current_actor()), page=Page.STAY)
    return _form_page(form, public_id)


@bp.post("/<public_id>/stays/<stay_id>")
@access(Permission.CASE_EDIT, audit=Audit.STAY_CORRECTED)
def correct_ended_stay(public_id: str, stay_id: str) -> ResponseReturnValue:
    """Correct it; what is counted from its days moves along."""
    now, (case, _seen) = utc_now(), opened(public_id)
    stay, form = queries.get_ended(case, stay_id), offered(EndedStayForm(), case)
    then = url_for("cases.stay", public_id=public_id)

    def save() -> None:
        stay_corrections.correct_ended(
            case,
            stay,
            admitted_on=form.admitted_on.data,
            discharged_on=form.discharged_on.data,
            admission=form.admission,
            leaving=form.leaving,
            reason=form.reason.data or "",
            version=form.seen,
            actor=current_actor(),
            now=now,
        )

    if not saved(form, save, then=then):
        case, _seen = opened(public_id)
        form = against(form, lambda: _known(case, queries.get_ended(case, stay_id)))
        return _form_page(form, public_id, status=form.status)
    moved = case_deadlines.list_moved(case.id, at=now)
    return after_change(then, message=saved_and_moved(_("Corrected."), moved))


def _form_page(form: EndedStayForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    return form_page(
        form,
        _("Correct a stay that has ended"),
        [
            *began_fields(),
            ("discharged_on", None, False),
            *((name, None, True) for name in ENDS),
            ("reason", _("It is kept beside what stood there before."), False),
        ],
        button=_("Save"),
        back=url_for("cases.stay", public_id=public_id),
        status=status,
        intro=_("What stood here before is kept. A notice that has been sent stays as it was sent."),
    )
