"""What a CTI course is checked for. Each check raises a flag for the worker and the supervisor; none blocks (R-061)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from portal.core.clock import add_months
from portal.core.i18n import _
from portal.core.measures import Phase
from portal.domain.cti import CHANGE_WINDOW, NEXT_PHASE, boundaries, phase_on, phase_starts_on
from portal.domain.deadlines import ClockKey, due_on

NO_MOVE_MONTHS = 6
TRANSFER_PLAN_MONTH = 8
ASSESSMENT_DAYS = 30
NETWORK_MAP_DAYS = 45
DISCUSSION_DAYS = 14


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What is known of a course on a day. `phase` is where the worker has brought it; minutes are of contact."""

    opened_on: date
    today: date
    phase: Phase
    t0: date | None = None
    has_late_basis: bool = False
    plans: frozenset[Phase] = frozenset()
    minutes: Mapping[Phase, int] = field(default_factory=dict)
    has_assessment: bool = True
    has_network_map: bool = True
    has_transfer_plan: bool = True
    last_discussed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at: a stable code and a sentence."""

    code: str
    text: object


def flags(facts: CourseFacts) -> list[Flag]:
    """The flags of a course on a day, in the order of the table. An ended course has none."""
    if facts.phase is Phase.ENDED:
        return []
    return [Flag(code, text) for code, text, is_raised in CHECKS if is_raised(facts)]


def legal_basis_due_on(t0: date) -> date:
    """The day on which the basis for the months after the sixth must have been recorded: five months after T0.

    The ordinary counselling ends after six months, the course after nine.
    """
    return due_on(ClockKey.CTI_LEGAL_BASIS, t0)


def plan_due_on(t0: date, phase: Phase) -> date:
    """The day by which a phase should have its plan: fourteen days after it began."""
    return due_on(ClockKey.CTI_PHASE_PLAN, phase_starts_on(t0, phase))


def _no_move(facts: CourseFacts) -> bool:
    return facts.t0 is None and facts.today >= add_months(facts.opened_on, NO_MOVE_MONTHS)


def _legal_basis(facts: CourseFacts) -> bool:
    return facts.t0 is not None and facts.today >= legal_basis_due_on(facts.t0) and not facts.has_late_basis


def _change_late(facts: CourseFacts) -> bool:
    if facts.t0 is None:
        return False
    return facts.today > phase_starts_on(facts.t0, NEXT_PHASE[facts.phase]) + CHANGE_WINDOW


def _plan_missing(facts: CourseFacts) -> bool:
    if facts.t0 is None or facts.phase is Phase.PRE or facts.phase in facts.plans:
        return False
    return facts.today > plan_due_on(facts.t0, facts.phase)


def _contact_not_falling(facts: CourseFacts) -> bool:
    if facts.t0 is None:
        return False
    # Only whole phases are compared: the one that runs is not over.
    now = phase_on(facts.t0, facts.today)
    whole = [phase for phase in (Phase.P1, Phase.P2, Phase.P3) if _order(phase) < _order(now)]
    minutes = [facts.minutes.get(phase, 0) for phase in whole]
    return any(later >= earlier for earlier, later in pairwise(minutes))


def _assessment_missing(facts: CourseFacts) -> bool:
    return _after_days(facts, ASSESSMENT_DAYS) and not facts.has_assessment


def _network_map_missing(facts: CourseFacts) -> bool:
    return _after_days(facts, NETWORK_MAP_DAYS) and not facts.has_network_map


def _transfer_plan_missing(facts: CourseFacts) -> bool:
    if facts.t0 is None or facts.has_transfer_plan:
        return False
    return facts.today >= add_months(facts.t0, TRANSFER_PLAN_MONTH)


def _not_discussed(facts: CourseFacts) -> bool:
    last = facts.last_discussed_on or facts.opened_on
    return (facts.today - last).days > DISCUSSION_DAYS


def _past_end(facts: CourseFacts) -> bool:
    return facts.t0 is not None and facts.today > boundaries(facts.t0).end + timedelta(days=DISCUSSION_DAYS)


def _after_days(facts: CourseFacts, days: int) -> bool:
    return facts.t0 is not None and (facts.today - facts.t0).days > days


def _order(phase: Phase) -> int:
    return list(Phase).index(phase)


CHECKS: tuple[tuple[str, object, Callable[[CourseFacts], bool]], ...] = (
    ("no_move", _("Six months without a move. Look at the course together with the supervisor."), _no_move),
    (
        "legal_basis",
        _("The ordinary counselling ends after month 6. Write what the last months rest on."),
        _legal_basis,
    ),
    (
        "change_late",
        _("The calendar has moved on to the next phase. Look back on this one and make the change."),
        _change_late,
    ),
    ("plan_missing", _("The phase has no plan yet. Choose one to three areas with her."), _plan_missing),
    (
        "contact_not_falling",
        _("Contact should be about halved from phase to phase. It has not fallen."),
        _contact_not_falling,
    ),
    ("assessment_missing", _("Her needs in the seven areas should be written down by day 30."), _assessment_missing),
    ("network_map_missing", _("The network map should be there by day 45."), _network_map_missing),
    ("transfer_plan_missing", _("The transfer plan should be there before month 8 is over."), _transfer_plan_missing),
    ("not_discussed", _("The course has not been discussed in the team for 14 days."), _not_discussed),
    ("past_end", _("The course is past its nine months. More help needs a basis of its own."), _past_end),
)
