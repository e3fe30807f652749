"""Dates, times and hours as Danes type them. What is ambiguous is asked about, never guessed."""

import re
from calendar import isleap, monthrange
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal

from portal.core.i18n import _
from portal.core.problems import Problem

FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST_MINUTES = 24 * 60

MONTHS: tuple[object, ...] = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
# Enough letters to tell the months apart, in Danish and in English.
_MONTH_STEMS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "maj": 5,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "okt": 10,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_NAMES = (
    "januar february februar january marts march april maj may juni june juli july august september oktober october "
    "november december sept"
)
_MONTH_NAMES = frozenset([*_MONTH_STEMS, *_NAMES.split()])

_NUMBERS = re.compile(r"(?P<day>[0-9]{1,2})(?P<sep>[ ./-])\s*(?P<month>[0-9]{1,2})(?:(?P=sep))\s*(?P<year>[0-9]+)")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_WORDS = re.compile(r"(?P<day>[0-9]{1,2})\.?\s*(?P<name>[a-z]{3,9})\.?\s*(?P<year>[0-9]+)")
_TIME = re.compile(r"(?:kl\.?\s*)?(?:(?P<hour>[0-9]{1,2})(?:[.:](?P<minute>[0-9]{2}))?|(?P<run>[0-9]{3,4}))")
_HOURS = re.compile(r"[0-9]{1,3}(?:,[0-9]{1,2})?")


class DateProblem(Problem):
    """A date, a time or a number of hours that cannot be read, with a sentence that says what would work."""


def parse_date(text: str) -> date:
    """The date in "02.10.2026", "2 10 2026", "2/10/2026", "2-10-2026", "2026-10-02", "2 okt 2026" (R-053).

    Raises DateProblem with one of the codes `unreadable`, `two_digit_year`, `year_range`, `no_such_month`,
    `not_leap`, `no_such_day`.
    """
    typed = " ".join(text.split()).lower()
    match = _ISO.fullmatch(typed) or _NUMBERS.fullmatch(typed) or _WORDS.fullmatch(typed)
    if match is None:
        raise DateProblem("unreadable", _("Write the date as day, month and year, for example 02.10.2026."))
    parts = match.groupdict()
    return _checked(_year(parts["year"]), _month(parts), int(parts["day"]))


def parse_time(text: str) -> time:
    """The time of day in "14.00", "14:00", "9" or "930". Raises DateProblem (`no_time`)."""
    match = _TIME.fullmatch(text.strip().lower())
    if match:
        run = match["run"]
        hour, minute = (int(run[:-2]), int(run[-2:])) if run else (int(match["hour"]), int(match["minute"] or 0))
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise DateProblem("no_time", _("Write the time as hours and minutes, for example 14.00."))


def parse_hours(text: str) -> int:
    """Hours with a decimal comma, as whole minutes: "1,5" is 90. More than none, at most 24 hours (R-054).

    Raises DateProblem (`hours_unreadable`, also for "1.5", which could mean two things; `hours_none`, `hours_many`).
    """
    typed = text.strip()
    if not _HOURS.fullmatch(typed):
        raise DateProblem("hours_unreadable", _("Write hours with a decimal comma, for example 1,5."))
    minutes = int((Decimal(typed.replace(",", ".")) * 60).quantize(Decimal(1), ROUND_HALF_UP))
    if minutes == 0:
        raise DateProblem("hours_none", _("Write more than 0 hours."))
    if minutes > LONGEST_MINUTES:
        raise DateProblem("hours_many", _("A day has 24 hours. Write at most 24."))
    return minutes


def _year(digits: str) -> int:
    if len(digits) == 2:
        raise DateProblem("two_digit_year", _("Write the year with four digits."))
    if len(digits) != 4 or not FIRST_YEAR <= int(digits) <= LAST_YEAR:
        raise DateProblem("year_range", _("Write a year between 1900 and 2100."))
    return int(digits)


def _month(parts: dict[str, str | None]) -> int:
    name, number = parts.get("name"), int(parts.get("month") or 0)
    if name is not None and name in _MONTH_NAMES:
        return _MONTH_STEMS[name[:3]]
    if not 1 <= number <= 12:
        raise DateProblem(
            "no_such_month", _("There is no such date: a year has 12 months. Write the day first and then the month.")
        )
    return number


def _checked(year: int, month: int, day: int) -> date:
    days = monthrange(year, month)[1]
    if 1 <= day <= days:
        return date(year, month, day)
    if (month, day) == (2, 29) and not isleap(year):
        raise DateProblem("not_leap", _("There is no such date: %(year)d is not a leap year.", year=year))
    raise DateProblem(
        "no_such_day", _("There is no such date: %(month)s has %(days)d days.", month=MONTHS[month - 1], days=days)
    )
