"""Moments are UTC, legal days are Danish calendar days. The only place that reads the clock."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta

from portal.core.i18n import _
from portal.core.problems import Problem

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
SATURDAY = 5


class NoSuchTime(Problem):
    """A time of day that the clock jumped over when summer time began."""

    def __init__(self) -> None:
        super().__init__("no_such_time", _("That time does not exist on that day: the clock goes forward at night."))


def utc_now() -> datetime:
    """This moment, aware, in UTC. For views, jobs and commands; rules and services are told the time."""
    return datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """The Danish calendar day of an aware moment."""
    return _local(moment).date()


def local_time(moment: datetime) -> time:
    """The Danish time of day of an aware moment, without a zone."""
    return _local(moment).time()


def start_of_local_day(day: date) -> datetime:
    """The first moment of a Danish calendar day, in UTC."""
    return datetime.combine(day, time(), COPENHAGEN).astimezone(UTC)


def end_of_local_day(day: date) -> datetime:
    """The moment a Danish calendar day is over, in UTC: "before the end of the day" means before this.

    It is the first moment of the next day, so that days of 23 and 25 hours need no care.
    """
    return start_of_local_day(day + timedelta(days=1))


def at_local(day: date, at: time) -> datetime:
    """The UTC moment of a Danish date and time of day.

    A time that occurs twice, when summer time ends, is taken as the first (summer time). Raises NoSuchTime, a
    ValueError, for a time that the clock jumps over (R-050).
    """
    moment = datetime.combine(day, at.replace(tzinfo=None, fold=0), COPENHAGEN).astimezone(UTC)
    if moment.astimezone(COPENHAGEN).replace(tzinfo=None) != datetime.combine(day, at.replace(tzinfo=None)):
        raise NoSuchTime
    return moment


def add_months(anchor: date, months: int) -> date:
    """The same day of the month so many months on, clamped to the last day of a shorter month (R-051).

    Always count from the anchor: two steps of one month are not one step of two.
    """
    moved: date = anchor + relativedelta(months=months)
    return moved


def is_holiday(day: date) -> bool:
    """Whether the day is a Danish public holiday. The days that each municipality chooses itself are not."""
    return day in _holidays(day.year)


def is_weekday(day: date, saturdays: bool = False) -> bool:
    """Whether a Danish day counts as a weekday ("hverdag"). Whether Saturdays do is for the caller to say (R-052)."""
    last = SATURDAY if saturdays else SATURDAY - 1
    return day.weekday() <= last and not is_holiday(day)


def add_weekdays(day: date, count: int, saturdays: bool = False) -> date:
    """The weekday that is so many weekdays after a day, that day itself not counted (R-052)."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_weekday(day, saturdays)
    return day


def weekdays_between(start: date, end: date, saturdays: bool = False) -> int:
    """How many weekdays lie after `start`, up to and including `end`; 0 when `end` is not later."""
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(is_weekday(day, saturdays) for day in days)


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment must know its zone")
    return moment.astimezone(COPENHAGEN)


@cache
def _holidays(year: int) -> frozenset[date]:
    # The package knows that General Prayer Day stopped being a holiday after 2023.
    return frozenset(holidays.country_holidays("DK", years=year))
