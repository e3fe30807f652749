"""Incidents: the clock of 72 hours to the minute, and what the authority asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.rights import AuthorityState, IncidentState, TellingState
from portal.domain.deadlines import ClockKey, due_at

HOUR = timedelta(hours=1)
SOON = timedelta(hours=24)


class ClockState(StrEnum):
    """How the clock stands."""

    RUNS = "runs"
    SOON = "soon"
    LATE = "late"
    STOPPED = "stopped"
    STOPPED_LATE = "stopped_late"


@dataclass(frozen=True, slots=True)
class Clock:
    """What is left of the 72 hours, in whole hours and minutes; over them, how long ago they ran out."""

    state: ClockState
    until: datetime
    hours: int
    minutes: int


def clock(known_at: datetime, *, now: datetime, stopped_at: datetime | None = None) -> Clock:
    """The clock of one incident (R-533). `stopped_at`: when the authority was notified, or need not be.

    Exactly 72 hours is in time; a minute that has begun counts as left until it is over.
    """
    until = due_at(ClockKey.BREACH_NOTICE, known_at)
    at = stopped_at or now
    left = until - at
    whole = abs(left) if left < timedelta(0) else left
    hours, rest = divmod(whole, HOUR)
    return Clock(_state(left, stopped_at is not None), until, hours, rest // timedelta(minutes=1))


def _state(left: timedelta, is_stopped: bool) -> ClockState:
    if is_stopped:
        return ClockState.STOPPED if left >= timedelta(0) else ClockState.STOPPED_LATE
    if left < timedelta(0):
        return ClockState.LATE
    return ClockState.SOON if left <= SOON else ClockState.RUNS


def check_moments(known_at: datetime, happened_at: datetime | None, *, now: datetime) -> None:
    """Raise Invalid for moments that have not come, or knowing before it happened."""
    if known_at > now:
        raise Invalid(_("That moment has not come yet."), field="known_on")
    if happened_at is not None and happened_at > known_at:
        raise Invalid(_("It cannot be known before it happened."), field="happened_on")


def check_notified(known_at: datetime, notified_at: datetime, reason: str | None, *, now: datetime) -> None:
    """Raise Invalid for a notice before it was known or in the future, or late without a reason (R-533)."""
    if not known_at <= notified_at <= now:
        raise Invalid(_("The notice was sent after it was known, and not in the future."), field="notified_on")
    if notified_at > due_at(ClockKey.BREACH_NOTICE, known_at) and not (reason or "").strip():
        raise Invalid(_("After 72 hours the authority asks why it is late."), field="reason")


def check_telling(state: TellingState, plan: str | None, holder: str | None) -> None:
    """Raise Invalid when the women are told without a plan for their safety (R-534).

    Who is told in the wrong moment, on the wrong telephone, is in danger: a plan and somebody who holds it come first.
    """
    if state in (TellingState.PLANNED, TellingState.TOLD):
        if not (plan or "").strip():
            raise Invalid(_("First say how they are told without danger."), field="telling_plan")
        if not (holder or "").strip():
            raise Invalid(_("Say who holds the safety plan, by role."), field="plan_holder")
    if state is TellingState.NOT_NEEDED and not (plan or "").strip():
        raise Invalid(_("Say why they need not be told."), field="telling_plan")


def open_points(
    *, state: IncidentState, authority: AuthorityState, telling: TellingState, is_location: bool
) -> Sequence[object]:
    """What must be settled before an incident is closed (R-534)."""
    points: list[object] = []
    if authority is AuthorityState.UNDECIDED:
        points.append(_("Decide whether the authority is notified."))
    if telling not in (TellingState.TOLD, TellingState.NOT_NEEDED):
        points.append(_("Decide whether the women are told, and see that it is done."))
    if is_location and telling is TellingState.NOT_NEEDED:
        points.append(_("Somebody may learn where a woman is: she is told."))
    return () if state is IncidentState.CLOSED else points


# What the authority's form asks, in its order; the words are for the person who fills it in.
QUESTIONS = (
    _("What happened, and how did it come about?"),
    _("When did it begin, when was it known, has it ended?"),
    _("What kinds of data, and how many people, in bands?"),
    _("What may come of it for the people concerned?"),
    _("What has been done, and what will be?"),
    _("Have the people concerned been told, and how?"),
    _("Who can be asked? The data-protection officer."),
)
