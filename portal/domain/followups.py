"""When she is asked, in which window, and with which forms. Pure: nothing is planned here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.core.clock import add_months
from portal.core.kinds import TrackKind
from portal.core.measures import FollowUpPoint, InstrumentKey, Phase
from portal.domain.cti import boundaries

WINDOW_DAYS, CTI_WINDOW_DAYS = 30, 14
LATE_DAYS = 30
# So many weeks or months: at most ten years.
SPAN = re.compile(r"[1-9]\d{0,2}[wm]")
MONTHS_AFTER: Mapping[FollowUpPoint, int] = {
    FollowUpPoint.AFTER_3: 3,
    FollowUpPoint.AFTER_6: 6,
    FollowUpPoint.AFTER_12: 12,
}
DEFAULT_POINTS = (
    FollowUpPoint.START,
    FollowUpPoint.PHASE_2,
    FollowUpPoint.PHASE_3,
    FollowUpPoint.END,
    FollowUpPoint.AFTER_3,
)
OPTIONAL_POINTS = (FollowUpPoint.AFTER_6, FollowUpPoint.AFTER_12)
POINT_OF_PHASE: Mapping[Phase, FollowUpPoint] = {
    Phase.P1: FollowUpPoint.START,
    Phase.P2: FollowUpPoint.PHASE_2,
    Phase.P3: FollowUpPoint.PHASE_3,
    Phase.ENDED: FollowUpPoint.END,
}
# A grant is money and not a course: there is nothing to measure.
UNMEASURED = frozenset({TrackKind.GRANT})

_AFTER = (InstrumentKey.EXPOSURE, InstrumentKey.SAFETY_FEELING, InstrumentKey.WHO5)
_EVERY = (*_AFTER, InstrumentKey.UCLA3, InstrumentKey.DOMAIN_RATING)
_FULL = (*_AFTER, InstrumentKey.ITQ, InstrumentKey.UCLA3, InstrumentKey.DOMAIN_RATING, InstrumentKey.PROBLEM_RATING)
_SHORT = (*_AFTER, InstrumentKey.DOMAIN_RATING, InstrumentKey.PROBLEM_RATING)

CTI_FORMS: Mapping[FollowUpPoint, tuple[InstrumentKey, ...]] = {
    FollowUpPoint.START: _FULL,
    FollowUpPoint.PHASE_2: _EVERY,
    FollowUpPoint.PHASE_3: _FULL,
    FollowUpPoint.END: _FULL,
    FollowUpPoint.AFTER_3: (*_AFTER, InstrumentKey.ITQ, InstrumentKey.UCLA3),
    FollowUpPoint.AFTER_6: _AFTER,
    FollowUpPoint.AFTER_12: _AFTER,
}
OTHER_FORMS: Mapping[FollowUpPoint, tuple[InstrumentKey, ...]] = {
    FollowUpPoint.START: _SHORT,
    FollowUpPoint.END: _SHORT,
    FollowUpPoint.AFTER_3: _AFTER,
    FollowUpPoint.AFTER_6: _AFTER,
    FollowUpPoint.AFTER_12: _AFTER,
    FollowUpPoint.BETWEEN: _SHORT,
    FollowUpPoint.LATER: _AFTER,
}


class Timing(StrEnum):
    """When a follow-up was filled in, seen from its window."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Window:
    """The days within which an answer counts as one of that point in time."""

    opens_on: date
    due_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A point in time that a programme asks for; `span` says how long after the start or the end, such as "6w"."""

    point: FollowUpPoint
    span: str = ""


@dataclass(frozen=True, slots=True)
class PlannedPoint:
    """A point in time with its window."""

    point: FollowUpPoint
    window: Window
    span: str = ""

    @property
    def asked(self) -> Asked:
        """What the programme has asked for with it."""
        return Asked(self.point, self.span)


def read_asked(text: str) -> Asked:
    """A point of a programme's plan: "end", "after_3", or "start+6w" and "end+5m" (R-664). Raises ValueError."""
    where, plus, span = text.partition("+")
    if not plus:
        return Asked(FollowUpPoint(where))
    found = SPAN.fullmatch(span)
    if found is None or where not in (FollowUpPoint.START, FollowUpPoint.END):
        raise ValueError(f"no such point in time: {text}")
    if where == FollowUpPoint.START:
        return Asked(FollowUpPoint.BETWEEN, span)
    # Three, six and twelve months after the end are the points that every figure is counted at.
    known = {f"{months}m": point for point, months in MONTHS_AFTER.items()}
    return Asked(known[span]) if span in known else Asked(FollowUpPoint.LATER, span)


def span_after(day: date, span: str) -> date:
    """The day that lies a span such as "6w" or "5m" after another (R-664)."""
    amount = int(span[:-1])
    return day + timedelta(weeks=amount) if span.endswith("w") else add_months(day, amount)


def is_measured(kind: TrackKind) -> bool:
    """Whether courses of a kind are followed up at all."""
    return kind not in UNMEASURED


def window(kind: TrackKind, due_on: date) -> Window:
    """Thirty days to either side; fourteen in CTI (R-086)."""
    days = timedelta(days=CTI_WINDOW_DAYS if kind is TrackKind.CTI else WINDOW_DAYS)
    return Window(due_on - days, due_on, due_on + days)


def plan_start(kind: TrackKind, on: date) -> list[PlannedPoint]:
    """The follow-up at the start of a course; in CTI `on` is T0 where it is known. None for kinds not followed up."""
    return [_planned(kind, FollowUpPoint.START, on)] if is_measured(kind) else []


def plan_spans(kind: TrackKind, day: date, asked: Iterable[Asked], point: FollowUpPoint) -> list[PlannedPoint]:
    """Those of a programme's points that lie so many weeks or months after a day: its start, or its end (R-664)."""
    if not is_measured(kind):
        return []
    return [
        PlannedPoint(point, window(kind, span_after(day, one.span)), one.span)
        for one in sorted(asked, key=lambda one: one.span)
        if one.point is point
    ]


def plan_cti(t0: date) -> list[PlannedPoint]:
    """Start, each phase change, end and three months after, all counted from T0."""
    limits = boundaries(t0)
    return [_planned(TrackKind.CTI, point, due) for point, due in zip(DEFAULT_POINTS, limits, strict=True)]


def plan_phase_change(t0: date, phase: Phase) -> PlannedPoint:
    """The follow-up that belongs to the change into a phase, due on the day the calendar gives."""
    planned = {row.point: row for row in plan_cti(t0)}
    return planned[POINT_OF_PHASE[phase]]


def plan_end(kind: TrackKind, ended_on: date, extra: Iterable[FollowUpPoint] = ()) -> list[PlannedPoint]:
    """The follow-ups from the end on: the end, three months after, and what the programme asks for besides (R-087)."""
    if not is_measured(kind):
        return []
    after = [FollowUpPoint.AFTER_3, *(point for point in OPTIONAL_POINTS if point in set(extra))]
    return [
        _planned(kind, FollowUpPoint.END, ended_on),
        *(_planned(kind, point, add_months(ended_on, MONTHS_AFTER[point])) for point in after),
    ]


def instruments_for(kind: TrackKind, point: FollowUpPoint, *, trained_staff: bool = True) -> tuple[InstrumentKey, ...]:
    """The forms of a point in time, in the order they are asked. ITQ only where trained staff asks."""
    table = CTI_FORMS if kind is TrackKind.CTI else OTHER_FORMS
    forms = table.get(point, ()) if is_measured(kind) else ()
    return tuple(form for form in forms if trained_staff or form is not InstrumentKey.ITQ)


def timing(span: Window, on: date) -> Timing:
    """How a day lies to a window. Up to 30 days late still counts and is marked; after that it does not (R-088)."""
    if on < span.opens_on:
        return Timing.EARLY
    if on <= span.closes_on:
        return Timing.ON_TIME
    return Timing.LATE if on <= span.closes_on + timedelta(days=LATE_DAYS) else Timing.TOO_LATE


def _planned(kind: TrackKind, point: FollowUpPoint, due_on: date) -> PlannedPoint:
    return PlannedPoint(point, window(kind, due_on))
