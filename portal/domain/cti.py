"""Critical Time Intervention: phases, what belongs in each, and what the calendar says about a course.

Everything is counted from T0, the day she moves into her own home. A check raises a flag and never blocks (R-061).
Source: the method manual for women at crisis centres, as gathered in the table of phases.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from portal.core.clock import add_months
from portal.core.i18n import _
from portal.core.kinds import ContactMode
from portal.core.measures import CtiArea, Phase
from portal.domain.deadlines import ClockKey, newest
from portal.domain.labels import word

CHANGE_WINDOW = timedelta(days=7)
AREAS_PER_PHASE = range(1, 4)
AREAS: tuple[tuple[CtiArea, object], ...] = tuple((area, word(area)) for area in CtiArea)
SOFT_CASELOAD, HARD_CASELOAD = 12.0, 20.0
PUBLISHED_EXPOSURE = {"before": 100, "start": 30, "p2": 26, "p3": 12}


@dataclass(frozen=True, slots=True)
class PhaseRule:
    """One phase as data: months from T0, expected minutes a week, weight in a caseload, what belongs in it."""

    code: Phase
    label: object
    from_month: int | None
    to_month: int
    weekly_minutes: int
    weight: float
    purpose: object
    forms: tuple[object, ...]


PHASES: Mapping[Phase, PhaseRule] = {
    rule.code: rule
    for rule in (
        PhaseRule(
            Phase.PRE,
            word(Phase.PRE),
            None,
            0,
            60,
            0.5,
            _("Trust, orientation and consent"),
            (_("Consent"), _("Note before the course"), _("First measures")),
        ),
        PhaseRule(
            Phase.P1,
            word(Phase.P1),
            0,
            3,
            180,
            1.0,
            _("Practical and emotional support; linking her to those who take over"),
            (_("Needs in seven areas"), _("Network map"), _("Safety plan"), _("Phase plan")),
        ),
        PhaseRule(
            Phase.P2,
            word(Phase.P2),
            3,
            6,
            90,
            0.5,
            _("Watching and adjusting; she and her network do more"),
            (_("Looking back on phase 1"), _("Phase plan"), _("Network map brought up to date")),
        ),
        PhaseRule(
            Phase.P3,
            word(Phase.P3),
            6,
            9,
            45,
            0.25,
            _("The network stands alone; the course ends"),
            (_("Looking back on phase 2"), _("Phase plan"), _("Transfer plan"), _("Closing note"), _("Last measures")),
        ),
    )
}
# The phases between the move and the end; each has its plan.
RUNNING = (Phase.P1, Phase.P2, Phase.P3)
NEXT_PHASE = {Phase.PRE: Phase.P1, Phase.P1: Phase.P2, Phase.P2: Phase.P3, Phase.P3: Phase.ENDED}


class Boundaries(NamedTuple):
    """The days on which phases begin, the day the course is over, and the follow-up three months later."""

    t0: date
    p2: date
    p3: date
    end: date
    follow_up: date


class StepState(StrEnum):
    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class RibbonStep:
    """One field of the phase ribbon. `end` is the last day; `week` of `weeks` is set for the phase that runs now."""

    code: str
    label: object
    start: date | None
    end: date | None
    state: StepState
    week: int | None = None
    weeks: int | None = None
    areas: tuple[str, ...] = ()


def boundaries(t0: date) -> Boundaries:
    """All boundaries, each counted from T0 and clamped to the end of a short month, never chained (R-062).

    T0 30 Nov 2026 gives 28 Feb, 30 May and 30 Aug 2027.
    """
    step = newest(ClockKey.CTI_PHASE).amount
    return Boundaries(t0, *(add_months(t0, step * number) for number in (1, 2, 3, 4)))


def phase_on(t0: date | None, day: date) -> Phase:
    """The phase that the calendar says a course is in on a day; contact-building until T0 is known and has come."""
    if t0 is None or day < t0:
        return Phase.PRE
    limits = boundaries(t0)
    later = ((limits.p2, Phase.P1), (limits.p3, Phase.P2), (limits.end, Phase.P3))
    return next((phase for limit, phase in later if day < limit), Phase.ENDED)


def phase_starts_on(t0: date, phase: Phase) -> date:
    """The day a phase begins by the calendar; for ENDED the day the course is over. PRE has none: ValueError."""
    if phase is Phase.PRE:
        raise ValueError("contact-building does not begin at T0")
    limits = boundaries(t0)
    return {Phase.P1: limits.t0, Phase.P2: limits.p2, Phase.P3: limits.p3, Phase.ENDED: limits.end}[phase]


def may_change_phase(t0: date | None, to: Phase, day: date) -> bool:
    """Whether a course may be taken to a phase: from seven days before the calendar says so (R-063).

    Later is always possible; more than seven days late is a flag. Phase 1 also needs the day she moved.
    """
    return t0 is not None and to is not Phase.PRE and day >= phase_starts_on(t0, to) - CHANGE_WINDOW


def ribbon(
    t0: date | None,
    today: date,
    opened_on: date,
    *,
    focus: Mapping[Phase, Iterable[str]] | None = None,
    ended_on: date | None = None,
) -> list[RibbonStep]:
    """Five fields: contact, three phases, follow-up. Without T0 only contact has dates.

    `focus` is the areas per phase. A course that `ended_on` early is in no phase now: what had begun is done.
    """
    spans = _spans(t0, opened_on)
    areas = {phase: tuple(codes) for phase, codes in (focus or {}).items()}
    return [
        _step(phase, start, end, today=today, ended_on=ended_on, areas=areas.get(phase, ()))
        for phase, start, end in spans
    ]


def weighted_caseload(phases: Iterable[Phase]) -> float:
    """Courses weighed by phase: 0.5, 1, 0.5, 0.25 for contact and phases 1 to 3. Ended courses weigh nothing."""
    return sum(PHASES[phase].weight for phase in phases if phase in PHASES)


def caseload_level(weighted: float) -> str:
    """ "ok", "soft" above 12, "hard" above 20 (R-064)."""
    if weighted > HARD_CASELOAD:
        return "hard"
    return "soft" if weighted > SOFT_CASELOAD else "ok"


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact that came about, as the expectations count it."""

    on: date
    mode: ContactMode


@dataclass(frozen=True, slots=True)
class Expectation:
    """How many contacts of which kinds a phase should hold. `days` counts from its start; none means all of it."""

    code: str
    phase: Phase
    label: object
    modes: frozenset[ContactMode]
    minimum: int
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """An expectation beside what has happened. `by` is the last day for it."""

    expectation: Expectation
    count: int
    by: date

    @property
    def is_met(self) -> bool:
        """Whether enough has happened."""
        return self.count >= self.expectation.minimum


_ANY = frozenset(ContactMode) - {ContactMode.MESSAGE, ContactMode.CHAT}
_OUTSIDE = frozenset(
    {
        ContactMode.VISIT_HOME,
        ContactMode.VISIT_OTHER,
        ContactMode.WITH_CLIENT_TO_SERVICE,
        ContactMode.PROVIDER_MEETING,
        ContactMode.NETWORK_MEETING,
    }
)
_SUPPORTS = frozenset({ContactMode.PROVIDER_MEETING, ContactMode.NETWORK_MEETING, ContactMode.WITH_CLIENT_TO_SERVICE})

EXPECTED: tuple[Expectation, ...] = (
    Expectation("joint_meeting", Phase.PRE, _("A meeting before she moves"), _OUTSIDE, 1),
    Expectation("first_month", Phase.P1, _("Meetings or calls in the first month"), _ANY, 2, 30),
    Expectation("outside", Phase.P1, _("Meetings outside the office"), _OUTSIDE, 3),
    Expectation("supports", Phase.P1, _("Meetings with those who take over"), _SUPPORTS, 2),
)


def expected_contacts(t0: date, opened_on: date, phase: Phase, contacts: Iterable[Contact]) -> list[Progress]:
    """The expectations of a phase beside the contacts that came about in it (R-065)."""
    _phase, start, end = next(span for span in _spans(t0, opened_on) if span[0] is phase)
    seen = list(contacts)
    return [_progress(row, start or opened_on, end or t0, seen) for row in EXPECTED if row.phase is phase]


def _progress(row: Expectation, start: date, end: date, contacts: list[Contact]) -> Progress:
    by = min(end, start + timedelta(days=row.days)) if row.days else end
    return Progress(row, sum(start <= one.on <= by and one.mode in row.modes for one in contacts), by)


def _spans(t0: date | None, opened_on: date) -> list[tuple[Phase, date | None, date | None]]:
    if t0 is None:
        return [(Phase.PRE, opened_on, None), *((phase, None, None) for phase in Phase if phase is not Phase.PRE)]
    limits, day = boundaries(t0), timedelta(days=1)
    # The day she moves ends the contact phase and begins the first; the others end on the day before the next.
    return [
        (Phase.PRE, min(opened_on, t0), t0),
        (Phase.P1, t0, limits.p2 - day),
        (Phase.P2, limits.p2, limits.p3 - day),
        (Phase.P3, limits.p3, limits.end - day),
        (Phase.ENDED, limits.end, limits.follow_up),
    ]


def _step(
    phase: Phase, start: date | None, end: date | None, *, today: date, ended_on: date | None, areas: tuple[str, ...]
) -> RibbonStep:
    code = "follow_up" if phase is Phase.ENDED else phase.value
    state = _state(phase, start, end, ended_on, today)
    week = weeks = None
    if state is StepState.NOW and start is not None:
        weeks = None if end is None or phase is Phase.PRE else round(((end - start).days + 1) / 7)
        week = min((today - start).days // 7 + 1, weeks or 999)
    shown_from = end if phase is Phase.ENDED else start
    return RibbonStep(code, word(phase), shown_from, end, state, week, weeks, areas)


def _state(phase: Phase, start: date | None, end: date | None, ended_on: date | None, today: date) -> StepState:
    if start is None or today < start or (ended_on is not None and ended_on < start and phase is not Phase.ENDED):
        return StepState.AHEAD
    if ended_on is not None and phase is not Phase.ENDED:
        return StepState.DONE
    last = end - timedelta(days=1) if phase is Phase.PRE and end is not None else end
    return StepState.DONE if last is not None and today > last else StepState.NOW
