"""The days that follow from the clocks. Days are Danish calendar days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.core.clock import add_months, add_weekdays, end_of_local_day, local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.domain.clocks import CLOCK_OF, Approver, Clock, ClockKey, Extension, Unit, clock_on, newest

TENANCY_RUNGS = (12, 9, 6, 3, 1)
TENANCY_DECISION_RUNG = 6
# Extended on the page of the thing itself, which asks what the rule asks.
OWN_PAGE = frozenset({DeadlineKind.TENANCY_RUNG, DeadlineKind.TENANCY_EXTENSION, DeadlineKind.COUNSELLING_END})


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder before a tenancy ends."""

    months_before: int
    due_on: date
    is_decision: bool


def due_on(key: ClockKey, start: date, *, saturdays: bool = False, amount: int | None = None) -> date:
    """The last day of a clock that starts on a day (R-070). `amount` replaces the table's, in its unit.

    `saturdays` says whether Saturdays count as weekdays. Raises ValueError for a clock in hours: use `due_at`, Invalid
    for a start on which no row holds.
    """
    clock = _held_on(key, start)
    return counted(start, clock.amount if amount is None else amount, clock.unit, saturdays=saturdays)


def _held_on(key: ClockKey, start: date) -> Clock:
    """The row by which a clock runs that starts on a day (R-700). No rule for a day: a slip of the pen."""
    try:
        return clock_on(key, start)
    except LookupError:
        raise Invalid(_("No deadline is known for that day. Look at the date.")) from None


def counted(start: date, amount: int, unit: Unit, *, saturdays: bool = False) -> date:
    """The day that lies so much after a day; months are clamped to short ones (R-051). Raises ValueError for hours."""
    if unit is Unit.WEEKDAYS:
        return add_weekdays(start, amount, saturdays)
    if unit is Unit.MONTHS:
        return add_months(start, amount)
    if unit in (Unit.DAYS, Unit.WEEKS):
        return start + timedelta(days=amount * (7 if unit is Unit.WEEKS else 1))
    raise ValueError(f"{unit} are no days")


def due_at(key: ClockKey, start: datetime, *, saturdays: bool = False) -> datetime:
    """The UTC moment a clock has run out: hours to the minute, all else at the end of the Danish day (R-070)."""
    clock = _held_on(key, local_date(start))
    if clock.unit is Unit.HOURS:
        return start + timedelta(hours=clock.amount)
    return end_of_local_day(due_on(key, local_date(start), saturdays=saturdays))


def answer_due_on(sent_at: datetime, *, weekdays: int | None = None) -> date:
    """The day a referral should be answered by: the fifth weekday after the Danish day it was sent (R-071).

    `weekdays` is what the programme says instead (R-667).
    """
    return due_on(ClockKey.REFERRAL_ANSWER, local_date(sent_at), amount=weekdays)


def notice_due_on(decided_on: date) -> date:
    """The last day of a notice on admission or discharge: the third weekday after the decision (R-072).

    The sources do not say whether Saturdays count, so the earlier day is given, with them: decision Wed 1 Apr 2026,
    notice by Wed 8 Apr.
    """
    return due_on(ClockKey.ADMISSION_NOTICE, decided_on, saturdays=True)


def tenancy_end(moved_in_on: date, *, months: int | None = None, extension_months: int = 0) -> date:
    """The day a tenancy ends: 24 months from moving in and at most 24 more, counted from the move (R-074).

    Raises Invalid (`extension_months`) for a longer extension, (`months`) for a longer tenancy.
    """
    longest = newest(ClockKey.TENANCY).amount
    length = longest if months is None else months
    if not 1 <= length <= longest:
        raise Invalid(_("A tenancy lasts at most 24 months."), field="months")
    if not 0 <= extension_months <= newest(ClockKey.TENANCY_EXTENSION).amount:
        raise Invalid(_("A tenancy can be extended once, by at most 24 months."), field="extension_months")
    return add_months(moved_in_on, length + extension_months)


def tenancy_ladder(ends_on: date) -> tuple[Rung, ...]:
    """The steps before a tenancy ends, 12, 9, 6, 3 and 1 months; the extension is decided at 6 at the latest."""
    return tuple(Rung(rung, add_months(ends_on, -rung), rung == TENANCY_DECISION_RUNG) for rung in TENANCY_RUNGS)


def longest_extension(kind: DeadlineKind, due_on: date) -> tuple[Extension, date] | None:
    """By what a row may be given more time, and the last day it can get (R-703); None for a day that stands fast.

    Only for clocks that a lead extends on the work list; the others have a page of their own for it.
    """
    key = CLOCK_OF.get(kind)
    extension = newest(key).extension if key is not None and kind not in OWN_PAGE else None
    if extension is None or extension.approver is not Approver.LEAD:
        return None
    return extension, counted(due_on, extension.at_most, extension.unit)
