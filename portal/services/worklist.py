"""What a person does with a row of her own work list."""

from datetime import datetime, timedelta

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineCause
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.states import DeadlineState
from portal.domain.cases import DONE_BY_PRESS, HERS_ALONE, LONGEST_PUT_OFF_DAYS, MAY_BE_DROPPED, MAY_BE_PUT_OFF
from portal.models.deadlines import Deadline
from portal.services import deadlines
from portal.services.case_marks import must_be_open


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


def give(deadline: Deadline, colleague_id: int, *, actor: Actor, now: datetime) -> None:
    """Give a row to a colleague of the case's team, who sees from whom it is (R-792). Assumes that she may have it.

    What a law asks for stands on both lists until it is done. Raises NotNow for a row that is done, has no case, is
    somebody else's already, or asks one person by name.
    """
    _must_be_open(deadline)
    if deadline.case_id is None or deadline.owner_id != actor.user_id or deadline.kind in HERS_ALONE:
        raise NotNow(_("This cannot be given to somebody else."))
    must_be_open(deadline.case_id)
    # Whoever gives it back has nothing to do with it any more.
    deadline.given_by_id = None if deadline.given_by_id == colleague_id else actor.user_id
    deadline.owner_id = colleague_id
    # She has not been reminded of it.
    deadline.reminded_at, deadline.remind_attempts = None, 0
    deadlines.record(Audit.DEADLINE_GIVEN, deadline, actor=actor, now=now)


def drop(deadline: Deadline, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take a row off the list because it does not matter any more, with the reason in the trail (R-792).

    Raises NotNow for what a law, a rule or her safety asks for, and for a row that is done.
    """
    if deadline.kind not in MAY_BE_DROPPED:
        raise NotNow(_("This must be done: a rule asks for it."))
    _must_be_open(deadline)
    deadline.state, deadline.done_at, deadline.done_by_id = DeadlineState.CANCELLED, now, actor.user_id
    deadlines.record(Audit.DEADLINE_DROPPED, deadline, actor=actor, now=now, reason=reason)


def _must_be_open(deadline: Deadline) -> None:
    if deadline.state is not DeadlineState.OPEN:
        raise NotNow
