"""What a person does with a row of her own work list."""

from datetime import datetime, timedelta

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import DeadlineCause
from portal.core.states import DeadlineState
from portal.domain.cases import DONE_BY_PRESS, LONGEST_PUT_OFF_DAYS, MAY_BE_PUT_OFF
from portal.models.deadlines import Deadline
from portal.services import deadlines


def mark_done(deadline: Deadline, *, actor: Actor, now: datetime) -> None:
    """Take a row off the list that has no page of its own (R-117). Raises NotNow for one that is done on its own page,
    or done already. Assumes that the row is on the actor's list."""
    if deadline.kind not in DONE_BY_PRESS:
        raise NotNow(_("This is done on its own page."))
    _must_be_open(deadline)
    deadline.state, deadline.done_at, deadline.done_by_id = DeadlineState.DONE, now, actor.user_id
    deadlines.record(Audit.DEADLINE_DONE, deadline, actor=actor, now=now)


def put_off(deadline: Deadline, *, days: int, actor: Actor, now: datetime) -> None:
    """Look at a row some days later (R-117). A day that the law sets is never moved.

    Raises NotNow for such a row or one that is done, Invalid for more than 14 days from today.
    """
    if deadline.kind not in MAY_BE_PUT_OFF:
        raise NotNow(_("This day cannot be moved: a rule sets it."))
    _must_be_open(deadline)
    today = local_date(now)
    wanted = max(deadline.due_on, today) + timedelta(days=days)
    if days < 1 or wanted > today + timedelta(days=LONGEST_PUT_OFF_DAYS):
        raise Invalid(_("It can be put off for 14 days at most."), field="days")
    before = deadlines.Before(deadline.id, deadline.case_id, deadline.due_on)
    deadline.due_on = wanted
    deadlines.note_change(before, wanted, DeadlineCause.PUT_OFF, now=now)
    deadlines.record(Audit.DEADLINE_PUT_OFF, deadline, actor=actor, now=now)


def _must_be_open(deadline: Deadline) -> None:
    if deadline.state is not DeadlineState.OPEN:
        raise NotNow
