"""Group rounds: their states, who leads, who came, and when absence asks for a friendly word (R-355 to R-359)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.states import Presence
from portal.core.states import RoundState as S
from portal.domain.meetings import CORRECTION_DAYS
from portal.domain.workflow import Step

STEP_DAYS = (7, 14)
MOST_SESSIONS = 30
MOST_PLACES = 30
LEADERS = 2
ABSENCES_IN_A_ROW = 2
# No new faces after the third meeting: the group has found itself.
LAST_ENTRY_SESSION = 3
MANAGE = Permission.GROUP_MANAGE


class RoundAction(StrEnum):
    OPEN = "open"
    CONFIRM = "confirm"
    START = "start"
    COMPLETE = "complete"
    CANCEL = "cancel"
    PLACE = "place"
    LEAVE = "leave"


BEFORE_END = frozenset({S.PLANNED, S.ENROLLING, S.CONFIRMED, S.RUNNING})
WORKFLOW: dict[RoundAction, Step[S]] = {
    RoundAction.OPEN: Step(frozenset({S.PLANNED}), S.ENROLLING, MANAGE, Audit.ROUND_CHANGED),
    RoundAction.CONFIRM: Step(frozenset({S.ENROLLING}), S.CONFIRMED, MANAGE, Audit.ROUND_CHANGED),
    RoundAction.START: Step(frozenset({S.CONFIRMED}), S.RUNNING, MANAGE, Audit.ROUND_CHANGED),
    RoundAction.COMPLETE: Step(frozenset({S.RUNNING}), S.COMPLETED, MANAGE, Audit.ROUND_CHANGED),
    # A round that has begun is ended: what happened in it stays.
    RoundAction.CANCEL: Step(
        frozenset({S.PLANNED, S.ENROLLING, S.CONFIRMED}), S.CANCELLED, MANAGE, Audit.ROUND_CHANGED
    ),
    # A seat leaves the round in its state; these targets are never read.
    RoundAction.PLACE: Step(
        frozenset({S.ENROLLING, S.CONFIRMED, S.RUNNING}), S.ENROLLING, MANAGE, Audit.PARTICIPANT_PLACED
    ),
    RoundAction.LEAVE: Step(BEFORE_END, S.RUNNING, MANAGE, Audit.PARTICIPANT_LEFT),
}
SEAT_ACTIONS = frozenset({RoundAction.PLACE, RoundAction.LEAVE})

CYCLE = (Presence.EXPECTED, Presence.PRESENT, Presence.LATE, Presence.EXCUSED, Presence.NOT_MET)
CAME = frozenset({Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY})
UNCOUNTED = frozenset({Presence.EXPECTED, Presence.EXCUSED, Presence.NOT_APPLICABLE})


def next_presence(presence: Presence) -> Presence:
    """What a touch turns a mark into: expected, present, late, excused, not met, and round again (R-356)."""
    if presence not in CYCLE:
        return Presence.EXPECTED
    return CYCLE[(CYCLE.index(presence) + 1) % len(CYCLE)]


def needs_welfare_check(presences: Iterable[Presence]) -> bool:
    """Whether the last two counted meetings were both missed; excused ones are not counted (R-357)."""
    counted = [presence for presence in presences if presence not in UNCOUNTED]
    last = counted[-ABSENCES_IN_A_ROW:]
    return len(last) == ABSENCES_IN_A_ROW and all(presence is Presence.NOT_MET for presence in last)


def attendance_rate(presences: Iterable[Presence]) -> int | None:
    """Of the marks that say something, how many per cent came; None while nothing is marked."""
    counted = [presence for presence in presences if presence not in (Presence.EXPECTED, Presence.NOT_APPLICABLE)]
    if not counted:
        return None
    return round(100 * sum(presence in CAME for presence in counted) / len(counted))


def leaders_needed(facts: Mapping[str, Any]) -> int:
    """How many leaders the programme asks for; two where it says nothing (R-355)."""
    return int(facts.get("leaders", LEADERS))


def check_leaders(given: int, facts: Mapping[str, Any]) -> None:
    """Raise Invalid (`leaders`) for fewer leaders than the programme asks for (R-355)."""
    needed = leaders_needed(facts)
    if given < needed:
        raise Invalid(_("The group needs %(num)d leaders.", num=needed), field="leaders")


def check_shape(*, step_days: int, session_count: int, places_min: int, places_max: int) -> None:
    """Raise Invalid for a rhythm, a number of meetings or of seats that no group has (R-355)."""
    if step_days not in STEP_DAYS:
        raise Invalid(_("A group meets every week or every second week."), field="step_days")
    if not 1 <= session_count <= MOST_SESSIONS:
        raise Invalid(_("A round has from 1 to %(num)d meetings.", num=MOST_SESSIONS), field="session_count")
    if not 1 <= places_min <= places_max <= MOST_PLACES:
        raise Invalid(_("The smallest number of participants cannot be above the largest."), field="places_max")


def check_can_enter(held: int) -> None:
    """Raise NotNow when the third meeting has been held: she is offered the next round instead (R-358)."""
    if held >= LAST_ENTRY_SESSION:
        raise NotNow(_("The group has met three times already. Offer her the next round."))


def check_correctable(day: date, today: date) -> None:
    """Raise NotNow when marks lie more than 14 days back (R-356)."""
    if today - day > timedelta(days=CORRECTION_DAYS):
        raise NotNow(_("Who came can be corrected for 14 days after the meeting."))


def themes(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The themes that the programme names, in their order."""
    return tuple(str(theme) for theme in facts.get("themes", ()))


def shape_of(rules: Mapping[str, Any]) -> dict[str, Any]:
    """What a round of a programme is planned by, as its form takes it; nothing of what the programme leaves open.

    A number that the programme gives as a span is for whoever plans the round to choose (R-766).
    """
    facts, most = rules.get("facts", {}), rules.get("places_per_round")
    said = {
        "session_count": facts.get("sessions"),
        "session_minutes": facts.get("session_minutes"),
        "step_days": str(facts["session_step_days"]) if facts.get("session_step_days") in STEP_DAYS else None,
        "places_max": min(most, MOST_PLACES) if isinstance(most, int) else None,
    }
    return {name: value for name, value in said.items() if isinstance(value, int | str)}
