"""The watch list at the safety officer's desk: who stands on it, and the accounts that were met."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.safety import bp
from portal.blueprints.safety.desk import show_list
from portal.blueprints.safety.forms import HitForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.safety import HitState
from portal.queries import safety
from portal.queries import watch as queries
from portal.services import watch, watch_ending
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.submissions import transaction


@bp.get("/matches")
@access(Permission.SAFETY_VIEW)
def matches() -> ResponseReturnValue:
    """Accounts that may be somebody on the watch list."""
    return show_list("matches", HitForm(formdata=None))


@bp.post("/matches/<public_id>")
@access(Permission.SAFETY_VIEW, audit=Audit.WATCH_ANSWERED, step_up=True)
def answer(public_id: str) -> ResponseReturnValue:
    """Say whether it is the same person."""
    form, hit = HitForm(), queries.get_hit(current_actor(), public_id)
    if not form.validate_on_submit():
        return show_list("matches", form, wrong=public_id, status=form.status)
    with transaction(then=url_for("safety.matches")):
        watch.answer(hit, HitState(form.state.data), actor=current_actor(), now=utc_now())
    return after_change(url_for("safety.matches"), message=_("Saved."))


@bp.get("/watched")
@access(Permission.SAFETY_VIEW)
def watched() -> ResponseReturnValue:
    """Who is watched for, in which case."""
    return show_list("watched")


@bp.post("/watched/<public_id>/take-off")
@access(Permission.SAFETY_VIEW, audit=Audit.WATCH_ENDED, step_up=True)
def ask_to_take_off(public_id: str) -> ResponseReturnValue:
    """Propose to take somebody off the list; her caseworker must agree."""
    actor, there = current_actor(), url_for("safety.watched")
    with transaction(then=there):
        person = queries.get_watched(public_id, safety.own_cases(actor))
        watch_ending.ask_to_take_off(person, actor=actor, now=utc_now())
    return after_change(there, message=_("Her caseworker has been asked to agree."))
