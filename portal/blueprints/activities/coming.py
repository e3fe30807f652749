"""The page of one event: who came, ticked in a minute."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.activities import bp
from portal.blueprints.activities.forms import ComingForm, PressForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.domain.permissions import can
from portal.queries import activities as queries
from portal.services import activities as service
from portal.web.access import access, current_actor, log_list
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.versions import against


@bp.get("/<public_id>")
@access(Permission.ACTIVITY_VIEW)
def detail(public_id: str) -> ResponseReturnValue:
    """One event. Names for who works with them, a number for everybody else."""
    return _page(public_id)


@bp.post("/<public_id>/coming")
@access(Permission.ACTIVITY_MANAGE, audit=Audit.ACTIVITY_REGISTERED)
def register(public_id: str) -> ResponseReturnValue:
    """Say who came."""
    actor, then = current_actor(), url_for("activities.detail", public_id=public_id)
    activity = queries.get(actor, public_id)
    form = _offered(ComingForm(), queries.list_seats(actor, activity))

    def save() -> None:
        service.register(
            activity,
            set(form.came.data or ()),
            others=form.others.data or 0,
            version=form.seen,
            actor=actor,
            now=utc_now(),
        )

    if not saved(form, save, then=then):
        return _page(public_id, form, form.status)
    return after_change(then, message=_("Saved. It stands in the case of each who came."))


@bp.post("/<public_id>/cancel")
@access(Permission.ACTIVITY_MANAGE, audit=Audit.ACTIVITY_CANCELLED)
def cancel(public_id: str) -> ResponseReturnValue:
    """Call it off."""
    actor, then = current_actor(), url_for("activities.detail", public_id=public_id)
    activity, form = queries.get(actor, public_id), PressForm()
    if not saved(form, lambda: service.cancel(activity, actor=actor, now=utc_now()), then=then):
        return _page(public_id)
    return after_change(then, message=_("The event has been called off."))


def _offered(form: ComingForm, seats: list[queries.Seat]) -> ComingForm:
    form.came.choices = [(seat.public_id, seat.name or seat.reference) for seat in seats]
    return form


def _known(activity: Any, seats: list[queries.Seat]) -> ComingForm:
    came = [seat.public_id for seat in seats if seat.came]
    known = {"version": activity.version, "came": came, "others": activity.others if activity.registered_at else None}
    return _offered(ComingForm(formdata=None, data=known), seats)


def _page(public_id: str, refused: ComingForm | None = None, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    activity = queries.get(actor, public_id)
    manages = can(actor, Permission.ACTIVITY_MANAGE)
    seats = queries.list_seats(actor, activity) if manages else []
    fresh = _known(activity, seats)
    form = against(refused, lambda: fresh) if refused else fresh
    has_come = local_date(activity.starts_at) <= local_date(utc_now())
    _public_id, responsible = queries.responsible(activity)
    log_list(Page.ACTIVITY, len(seats))
    page = render_template(
        "activities/detail.html",
        activity=activity,
        responsible=responsible,
        form=form,
        ticks=manages and has_come and activity.cancelled_at is None,
        can_change=manages and activity.cancelled_at is None and activity.registered_at is None,
        public_id=public_id,
    )
    return page, status
