"""One home: ready, offered, reserved, out of service, and its address."""

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.housing import bp
from portal.blueprints.housing.forms import CloseDownForm, HomeForm, ReserveForm, RevealForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.domain.housing import BY_HAND, UNIT_STEPS, UnitAction
from portal.domain.permissions import can
from portal.domain.workflow import available_actions
from portal.queries import enrolments as enrolment_queries
from portal.queries import housing as queries
from portal.queries.tenancies import find_tenancy_id
from portal.services import housing as service
from portal.services import reveals
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.shown_once import shown_once
from portal.web.submissions import transaction
from portal.web.versions import with_sent


def _manages() -> bool:
    return can(current_actor(), Permission.HOUSING_MANAGE)


def unit_page(public_id: str, status: int = 200, **forms: Any) -> ResponseReturnValue:
    """One home with what can be done about it; `forms` are those that were sent with mistakes."""
    actor = current_actor()
    row = queries.get_unit(actor, public_id)
    actions = available_actions(UNIT_STEPS, row.state, actor)
    ready = queries.list_ready(actor) if UnitAction.HOLD in actions else []
    reserve_form = _reserve_form(ready, formdata=None)
    context = {
        "unit": row,
        "tenancy_id": find_tenancy_id(row.id) if _manages() else None,
        "actions": [one for one in actions if one in BY_HAND and one is not UnitAction.CLOSE_DOWN],
        "can_close_down": UnitAction.CLOSE_DOWN in actions,
        "can_hold": UnitAction.HOLD in actions,
        "ready": ready,
        "has_address": queries.has_address(actor, row),
        "close_form": CloseDownForm(formdata=None),
        "reveal_form": RevealForm(formdata=None),
        "reserve_form": reserve_form,
        "home_form": HomeForm(formdata=None, data={"version": row.version, "max_children": row.max_children}),
        "may_manage": _manages(),
    }
    return render_template("housing/unit.html", **with_sent(context, forms)), status


def _reserve_form(ready: list[queries.Ready], **options: Any) -> ReserveForm:
    form = ReserveForm(**options)
    form.enrolment.choices = [(one.public_id, one.reference) for one in ready]
    return form


def _home(public_id: str) -> str:
    return url_for("housing.unit", public_id=public_id)


@bp.get("/units/<public_id>")
@access(Permission.HOUSING_VIEW)
def unit(public_id: str) -> ResponseReturnValue:
    """One home."""
    return unit_page(public_id)


@bp.post("/units/<public_id>/step/<any(make_ready, accept, stop, reopen):action>")
@access(Permission.HOUSING_MANAGE, audit=Audit.UNIT_CHANGED)
def change(public_id: str, action: str) -> ResponseReturnValue:
    """Make ready, offer, stop offering, take into service."""
    row = queries.get_unit(current_actor(), public_id)
    with transaction(then=_home(public_id)):
        service.change_unit(row, UnitAction(action), actor=current_actor(), now=utc_now())
    return after_change(_home(public_id), message=_("Saved."))


@bp.post("/units/<public_id>/close")
@access(Permission.HOUSING_MANAGE, audit=Audit.UNIT_CHANGED)
def close_down(public_id: str) -> ResponseReturnValue:
    """Out of service, with a reason and when it is expected back."""
    actor, form = current_actor(), CloseDownForm()
    row = queries.get_unit(actor, public_id)

    def act() -> None:
        service.change_unit(
            row, UnitAction.CLOSE_DOWN, ready_on=form.ready_on.data, reason=form.reason.data, actor=actor, now=utc_now()
        )

    return _save(form, act, _home(public_id)) or unit_page(public_id, 422, close_form=form)


@bp.post("/units/<public_id>/reserve")
@access(Permission.HOUSING_MANAGE, audit=Audit.UNIT_HELD)
def reserve(public_id: str) -> ResponseReturnValue:
    """Hold the home for somebody whose place is given."""
    actor = current_actor()
    row, form = queries.get_unit(actor, public_id), _reserve_form(queries.list_ready(actor))

    def act() -> None:
        course = enrolment_queries.get(actor, form.enrolment.data)
        service.reserve(row, course, form.move_in_on.data, actor=actor, now=utc_now())

    return _save(form, act, _home(public_id)) or unit_page(public_id, 422, reserve_form=form)


@bp.post("/units/<public_id>/address")
@access(Permission.ADDRESS_REVEAL, audit=Audit.ADDRESS_REVEALED, step_up=True)
def reveal(public_id: str) -> ResponseReturnValue:
    """Write who asks and why, commit, and only then show the address for a minute."""
    actor, form = current_actor(), RevealForm()
    row = queries.get_unit(actor, public_id)
    found: list[str] = []

    def act() -> None:
        secret = service.its_address(row, actor=actor)
        found.append(reveals.reveal(secret, reason=form.reason.data, actor=actor, now=utc_now()))

    if _save(form, act, _home(public_id)) is None:
        return unit_page(public_id, 422, reveal_form=form)
    return shown_once(_("Address"), found[0], back=_home(public_id), back_words=_("Back to the home"))


def _save(form: Any, act: Callable[[], None], then: str) -> ResponseReturnValue | None:
    """Act and lead on; None when something was refused beside its field."""
    if not saved(form, act, then=then):
        return None
    return after_change(then, message=None if isinstance(form, RevealForm) else _("Saved."))
