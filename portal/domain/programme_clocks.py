"""The days of a programme's own clocks, and what a sample case would see of them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.core.clock import add_months, add_weekdays
from portal.core.kinds import TrackKind
from portal.core.measures import FollowUpPoint
from portal.core.programmes import ClockStart, ClockUnit
from portal.core.states import EnrolmentState
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.followups import Asked, plan_spans, read_asked, span_after
from portal.domain.programmes import OwnClock, Rules, read
from portal.domain.tracks import TRACKS, Facts


@dataclass(frozen=True, slots=True)
class Sample:
    """The days of an invented woman who is referred on one day, taken in and begun with as early as can be."""

    sent_on: date
    answer_on: date
    contact_on: date
    end_on: date | None
    asked: tuple[tuple[Asked, date], ...]
    clocks: tuple[tuple[OwnClock, date], ...]


def clock_due_on(clock: OwnClock, start: date) -> date:
    """The last day of a programme's own clock that starts on a day (R-667)."""
    if clock.unit is ClockUnit.WEEKDAYS:
        return add_weekdays(start, clock.amount)
    if clock.unit is ClockUnit.MONTHS:
        return add_months(start, clock.amount)
    return start + timedelta(days=clock.amount * (7 if clock.unit is ClockUnit.WEEKS else 1))


def clocks_from(rules: Rules, start: ClockStart) -> Iterable[OwnClock]:
    """The programme's own clocks that count from an event."""
    return (clock for clock in rules.clocks if clock.start is start)


def sample(content: Mapping[str, Any], sent_on: date) -> Sample:
    """What the rules come to for somebody who is referred on a day and taken in on the last day of the answer."""
    rules, kind = read(content), TrackKind(content["kind"])
    taken_in = add_weekdays(sent_on, rules.answer_weekdays)
    begun = due_on(ClockKey.FIRST_CONTACT, taken_in, amount=rules.first_contact_days)
    facts = Facts(EnrolmentState.ACTIVE, taken_in, started_on=begun, own_start_on=begun)
    end = TRACKS[kind].end_rule(content, facts).on
    starts = {ClockStart.SENT: sent_on, ClockStart.ACCEPTED: taken_in, ClockStart.STARTED: begun}
    return Sample(
        sent_on,
        taken_in,
        begun,
        end,
        tuple(_asked(rules, kind, begun, end)),
        tuple((clock, clock_due_on(clock, starts[clock.start])) for clock in rules.clocks),
    )


def _asked(rules: Rules, kind: TrackKind, begun: date, end: date | None) -> Iterable[tuple[Asked, date]]:
    months = {FollowUpPoint.AFTER_3: "3m", FollowUpPoint.AFTER_6: "6m", FollowUpPoint.AFTER_12: "12m"}
    found: list[tuple[Asked, date]] = []
    for one in map(read_asked, rules.follow_up):
        if one.point is FollowUpPoint.START:
            found.append((one, begun))
        elif one.point is FollowUpPoint.BETWEEN:
            found += [(one, row.window.due_on) for row in plan_spans(kind, begun, [one], one.point)]
        elif end is not None:
            found.append((one, span_after(end, one.span or months.get(one.point, "0w"))))
    return sorted(found, key=lambda row: row[1])
