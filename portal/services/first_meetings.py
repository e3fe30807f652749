"""A municipality meets her within a week of the notice: on its adviser's list until they have met (R-846)."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.kinds import SubjectType
from portal.core.states import DeadlineState
from portal.domain.deadlines import ClockKey, due_on
from portal.queries import first_meetings as queries
from portal.queries.first_meetings import KIND, Awaited
from portal.services import deadlines


def look(case_id: int, *, actor: Actor, now: datetime) -> None:
    """Put up, take off or bring back the first meeting, as the case is now: asked twice is asked once (R-846).

    The adviser of the municipality that was responsible on the day of the notice; one who comes later is not late
    before she has come.
    """
    awaited = queries.find(case_id)
    if awaited is None:
        return
    if awaited.has_met:
        deadlines.finish(KIND, awaited.notice, actor=actor, now=now)
    elif awaited.state is DeadlineState.DONE:
        deadlines.bring_back_one(KIND, awaited.notice, "")
    elif awaited.state in (None, DeadlineState.CANCELLED):
        _put_up(case_id, awaited, now)


def note_met(case_id: int | None, *, actor: Actor, now: datetime) -> None:
    """Somebody has reached her, or a meeting was registered: if it was the one waited for, it is done."""
    if case_id is not None and queries.is_waited_for(case_id, actor.organisation_id):
        look(case_id, actor=actor, now=now)


def _put_up(case_id: int, awaited: Awaited, now: datetime) -> None:
    due = due_on(ClockKey.FIRST_MUNICIPAL_MEETING, awaited.sent_on)
    deadlines.put_up(
        KIND,
        SubjectType.NOTICE,
        awaited.notice,
        due_on=max(due, local_date(now)),
        organisation_id=awaited.organisation_id,
        owner_id=awaited.adviser_id,
        case_id=case_id,
        now=now,
    )
