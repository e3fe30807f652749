"""What every kind of course answers: the small, equal interface of all tracks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from portal.core.clock import add_months
from portal.core.i18n import _
from portal.core.kinds import MeetingKind, TrackKind
from portal.core.measures import FollowUpPoint, Phase
from portal.core.states import CounsellingState, EnrolmentState
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.followups import read_asked

Rules = Mapping[str, Any]
STANDARD_POINTS = (FollowUpPoint.START, FollowUpPoint.END, FollowUpPoint.AFTER_3)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one course: common facts, then what single kinds need. Days are Danish calendar days."""

    state: EnrolmentState
    created_on: date
    started_on: date | None = None
    planned_end_on: date | None = None
    ended_on: date | None = None
    pause_review_on: date | None = None
    has_worker: bool = True
    next_meeting_on: date | None = None
    # CTI: the move and the phase it has been brought to.
    t0: date | None = None
    phase: Phase | None = None
    has_phase_plan: bool = False
    # Coordinating counselling.
    counselling: CounsellingState | None = None
    # Hours: in minutes, all holders together.
    minutes_total: int = 0
    minutes_used: int = 0
    # The day that the kind's own row counts from (the round's first meeting, the tenancy's first day), and its end.
    own_start_on: date | None = None
    own_end_on: date | None = None
    # Whether the kind's own row exists (a seat, a tenancy, a project, an application).
    has_own_row: bool = False


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do next: a sentence, the page that does it (empty: this page), and by when."""

    text: object
    endpoint: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class EndRule:
    """When the course is planned to end, and the sentence that says why."""

    on: date | None
    sentence: object


@dataclass(frozen=True, slots=True)
class Series:
    """Meetings that a kind plans: how many, how far apart (days), how long (minutes). Empty: as agreed with her."""

    kind: MeetingKind
    count_min: int | None = None
    count_max: int | None = None
    step_days: int | None = None
    minutes: int | None = None


class Track(Protocol):
    """One kind of course."""

    kind: TrackKind

    def next_step(self, facts: Facts) -> NextStep:
        """The one thing to do next."""

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """When it is planned to end, and why."""

    def schedules(self, rules: Rules) -> tuple[Series, ...]:
        """The meetings it plans."""

    def asks(self, rules: Rules) -> tuple[FollowUpPoint, ...]:
        """The points in time at which she is asked."""

    def is_late(self, facts: Facts, today: date) -> bool:
        """Whether something that should have happened has not."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What kinds have in common; a kind overrides what is its own."""

    kind: TrackKind
    points: tuple[FollowUpPoint, ...] = field(default=STANDARD_POINTS)

    def next_step(self, facts: Facts) -> NextStep:
        """The one thing to do next, by the state alone (R-300)."""
        if facts.state is EnrolmentState.PROPOSED:
            return first_contact(facts)
        if facts.state is EnrolmentState.PAUSED:
            return NextStep(_("Decide whether the pause ends"), due=facts.pause_review_on)
        if facts.state is EnrolmentState.ACTIVE:
            return self.active_step(facts)
        return NextStep(_("Nothing more: the course has ended"))

    def active_step(self, facts: Facts) -> NextStep:
        """What comes next while the course runs: the next meeting, or to agree one."""
        if facts.next_meeting_on is not None:
            return NextStep(_("Next meeting"), "meetings.week", facts.next_meeting_on)
        return NextStep(_("Agree the next meeting with her"), "meetings.new")

    def end_rule(self, rules: Rules, facts: Facts) -> EndRule:
        """After the weeks or months that the programme names; else it ends when she and her worker agree."""
        return by_length(rules, facts) or EndRule(None, _("No fixed end: it ends when the two of you agree."))

    def schedules(self, rules: Rules) -> tuple[Series, ...]:
        """Talks as agreed with her."""
        return (Series(MeetingKind.TALK),)

    def asks(self, rules: Rules) -> tuple[FollowUpPoint, ...]:
        """The programme's own follow-up plan where it has one, else the kind's."""
        own = rules.get("follow_up")
        return tuple(read_asked(point).point for point in own) if isinstance(own, list) else self.points

    def is_late(self, facts: Facts, today: date) -> bool:
        """Late: no first contact in time, a pause that nobody looked at, or an end that has passed."""
        due = {
            EnrolmentState.PROPOSED: first_contact(facts).due,
            EnrolmentState.PAUSED: facts.pause_review_on,
            EnrolmentState.ACTIVE: facts.planned_end_on,
        }.get(facts.state)
        return due is not None and due < today


def first_contact(facts: Facts) -> NextStep:
    """The first contact is due within seven days of the place being given (R-303)."""
    due = due_on(ClockKey.FIRST_CONTACT, facts.created_on)
    if not facts.has_worker:
        return NextStep(_("Say who takes the course"), due=due)
    return NextStep(_("Make the first contact and start the course"), due=due)


def by_length(rules: Rules, facts: Facts) -> EndRule | None:
    """The end of a course that lasts so many weeks or months from its start (R-663); None where nothing is said."""
    if facts.started_on is None:
        return None
    weeks, months = span(rules, "duration_weeks", (0, 0))[1], span(rules, "duration_months", (0, 0))[1]
    if weeks:
        end = facts.started_on + timedelta(weeks=weeks)
        return EndRule(end, _("%(weeks)d weeks from the start: %(day)s.", weeks=weeks, day=said(end)))
    if months:
        end = add_months(facts.started_on, months)
        return EndRule(end, _("%(months)d months from the start: %(day)s.", months=months, day=said(end)))
    return None


def number(rules: Rules, key: str, default: int) -> int:
    """A whole number from the programme's rules, wherever its section puts it; else the default."""
    for place in (rules, rules.get("facts"), rules.get("durations")):
        if isinstance(place, Mapping) and isinstance(place.get(key), int):
            return int(place[key])
    return default


def span(rules: Rules, key: str, default: tuple[int, int]) -> tuple[int, int]:
    """A span such as { min = 5, max = 7 } from the programme's rules; a single number is both ends."""
    for place in (rules, rules.get("facts"), rules.get("durations")):
        value = place.get(key) if isinstance(place, Mapping) else None
        if isinstance(value, Mapping):
            return int(value["min"]), int(value["max"])
        if isinstance(value, int):
            return value, value
    return default


def said(day: date) -> str:
    """A day as it is written in sentences."""
    return day.strftime("%d.%m.%Y")
