"""What becomes of an enquiry: called back as promised, a new case, or part of one that is there."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.enquiries import bp
from portal.blueprints.enquiries.forms import LinkForm, PressForm
from portal.blueprints.enquiries.routes import case_form, detail_page
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.domain.permissions import can
from portal.queries import enquiries as queries
from portal.services import enquiries as service
from portal.web.access import access, current_actor
from portal.web.case_pages import case_url
from portal.web.htmx import after_change
from portal.web.saving import saved


@bp.post("/<public_id>/called-back")
@access(Permission.ENQUIRY_RECORD, audit=Audit.ENQUIRY_CALLED_BACK)
def called_back(public_id: str) -> ResponseReturnValue:
    """The promised call has been made."""
    actor, then = current_actor(), url_for("enquiries.detail", public_id=public_id)
    enquiry, form = queries.get(actor, public_id), PressForm()
    if not saved(form, lambda: service.call_back(enquiry, actor=actor, now=utc_now()), then=then):
        return detail_page(public_id, form, form.status)
    return after_change(then, message=_("The call back is done. Change the enquiry if more came of it."))


@bp.post("/<public_id>/case")
@access(Permission.ENQUIRY_RECORD, audit=Audit.ENQUIRY_LINKED)
def open_case(public_id: str) -> ResponseReturnValue:
    """Open a case with what is known; whoever works in it goes on with the stay."""
    actor, form, opened = current_actor(), case_form(), []
    enquiry, then = queries.get(actor, public_id), url_for("enquiries.detail", public_id=public_id)

    def save() -> None:
        opened.append(service.open_case(enquiry, taker=form.taker.data, actor=actor, now=utc_now()).public_id)

    if not saved(form, save, then=then):
        return detail_page(public_id, form, form.status)
    if can(actor, Permission.CASE_VIEW):
        words = _("The case is open, with what was said on the telephone. Record the stay here.")
        return after_change(url_for("cases.stay", public_id=opened[0]), message=words)
    return after_change(url_for("enquiries.index"), message=_("The case is open. Whoever works on it has been told."))


@bp.post("/<public_id>/link")
@access(Permission.ENQUIRY_RECORD, audit=Audit.ENQUIRY_LINKED)
def link(public_id: str) -> ResponseReturnValue:
    """Join it to a case of the house that is there already."""
    actor, form, joined = current_actor(), LinkForm(), []
    enquiry, then = queries.get(actor, public_id), url_for("enquiries.detail", public_id=public_id)

    def save() -> None:
        joined.append(service.link(enquiry, form.reference.data or "", actor=actor, now=utc_now()).public_id)

    if not saved(form, save, then=then):
        return detail_page(public_id, form, form.status)
    return after_change(case_url(joined[0]), message=_("The enquiry belongs to this case now."))
