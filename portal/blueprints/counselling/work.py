"""Within the counselling: contacts by area, and what other authorities have promised."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.counselling import bp, forms
from portal.blueprints.counselling.coordinating import save, show_page
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.kinds import NeedArea
from portal.queries import cases as case_queries
from portal.queries import counselling as queries
from portal.services import counselling_work as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved


@bp.post("/<public_id>/contacts")
@access(Permission.COUNSELLING_RECORD, audit=Audit.COUNSELLING_CONTACT)
def log_contact(public_id: str) -> ResponseReturnValue:
    """Log a contact."""
    form = forms.ContactForm()

    def change(case: Any, **who: Any) -> None:
        contact = service.Contact(
            held_on=form.held_on.data,
            mode=form.mode.data,
            result=form.result.data,
            areas=[NeedArea(area) for area in form.areas.data or ()],
            minutes=form.minutes.data,
            text=form.text.data,
        )
        service.log_contact(queries.get(case.id), contact, **who)

    return save(public_id, "contact_form", form, change, _("The contact has been logged."))


@bp.post("/<public_id>/promises")
@access(Permission.COUNSELLING_RECORD, audit=Audit.PROMISE_NOTED)
def note_promise(public_id: str) -> ResponseReturnValue:
    """Note what an authority has promised."""
    form = forms.PromiseForm()

    def change(case: Any, **who: Any) -> None:
        promise = service.Promise(form.area.data, form.authority.data, form.promised.data, form.due_on.data)
        service.note_promise(queries.get(case.id), promise, **who)

    return save(public_id, "promise_form", form, change, _("It is on your list on the day."))


@bp.post("/<public_id>/promises/<promise_id>")
@access(Permission.COUNSELLING_RECORD, audit=Audit.PROMISE_SETTLED)
def settle_promise(public_id: str, promise_id: str) -> ResponseReturnValue:
    """Write down whether it was done."""
    actor, form = current_actor(), forms.SettleForm()
    case = case_queries.get_told(actor, public_id)
    promise, counselling = queries.get_promise(case.id, promise_id)
    page = url_for("counselling.coordinating", public_id=public_id)

    def act() -> None:
        is_kept = form.kept.data == "yes"
        service.settle_promise(counselling, promise, is_kept=is_kept, actor=actor, now=utc_now())

    if saved(form, act, then=page):
        return after_change(page, message=_("Saved."))
    return show_page(public_id, form.status)
