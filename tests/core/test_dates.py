"""Typed dates, times and hours."""

from datetime import date, time

import pytest

from portal.core.dates import DateProblem, parse_date, parse_hours, parse_time

OCTOBER = date(2026, 10, 2)


NO_SUCH_MONTH = "There is no such date: a year has 12 months. Write the day first and then the month."


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("02 10 2026", OCTOBER),
        ("2 10 2026", OCTOBER),
        ("2.10.2026", OCTOBER),
        ("2. 10. 2026", OCTOBER),
        ("2/10/2026", OCTOBER),
        ("02-10-2026", OCTOBER),
        ("2026-10-02", OCTOBER),
        ("2 okt 2026", OCTOBER),
        ("2. oktober 2026", OCTOBER),
        ("2. Okt. 2026", OCTOBER),
        ("2 october 2026", OCTOBER),
        ("  02  10  2026 ", OCTOBER),
        ("31.12.2026", date(2026, 12, 31)),
        ("29-02-2028", date(2028, 2, 29)),
        ("1 maj 2026", date(2026, 5, 1)),
        ("9 sept 2026", date(2026, 9, 9)),
        ("01 01 1900", date(1900, 1, 1)),
        ("31 12 2100", date(2100, 12, 31)),
    ],
)
def test_dates_are_read_as_danes_type_them(typed: str, day: date) -> None:
    assert parse_date(typed) == day


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("31 09 2026", "no_such_day", "There is no such date: September has 30 days."),
        ("29-02-2026", "not_leap", "There is no such date: 2026 is not a leap year."),
        ("30 02 2028", "no_such_day", "There is no such date: February has 29 days."),
        ("0 1 2026", "no_such_day", "There is no such date: January has 31 days."),
        ("31/12/26", "two_digit_year", "Write the year with four digits."),
        ("2 okt 26", "two_digit_year", "Write the year with four digits."),
        ("45 13 2026", "no_such_month", NO_SUCH_MONTH),
        ("12 31 2026", "no_such_month", NO_SUCH_MONTH),
        ("2 foo 2026", "no_such_month", NO_SUCH_MONTH),
        ("2 marsvin 2026", "no_such_month", NO_SUCH_MONTH),
        ("01 01 1899", "year_range", "Write a year between 1900 and 2100."),
        ("01 01 0001", "year_range", "Write a year between 1900 and 2100."),
        ("01 01 9999", "year_range", "Write a year between 1900 and 2100."),
        ("01 01 10000", "year_range", "Write a year between 1900 and 2100."),
        ("01 01 -5", "unreadable", "Write the date as day, month and year, for example 02.10.2026."),
        ("02.10/2026", "unreadable", "Write the date as day, month and year, for example 02.10.2026."),
        ("i morgen", "unreadable", "Write the date as day, month and year, for example 02.10.2026."),
        ("٠٢ ١٠ ٢٠٢٦", "unreadable", "Write the date as day, month and year, for example 02.10.2026."),
    ],
)
def test_what_is_wrong_with_a_date_is_taught(typed: str, code: str, says: str) -> None:
    with pytest.raises(DateProblem) as caught:
        parse_date(typed)
    assert (caught.value.code, str(caught.value)) == (code, says)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("14.00", time(14)),
        ("14:05", time(14, 5)),
        ("9", time(9)),
        ("09", time(9)),
        ("930", time(9, 30)),
        ("0930", time(9, 30)),
        ("kl. 14.30", time(14, 30)),
        ("0", time(0)),
        ("23.59", time(23, 59)),
    ],
)
def test_times_are_read(typed: str, at: time) -> None:
    assert parse_time(typed) == at


@pytest.mark.parametrize("typed", ["24.00", "14.60", "14.5", "halv tre", "", "99999", "9.3.0"])
def test_times_that_do_not_exist_are_refused(typed: str) -> None:
    with pytest.raises(DateProblem, match=r"14\.00"):
        parse_time(typed)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("1", 60),
        ("1,5", 90),
        ("0,25", 15),
        ("24", 1440),
        ("0,33", 20),
        (" 2,75 ", 165),
    ],
)
def test_hours_become_minutes(typed: str, minutes: int) -> None:
    assert parse_hours(typed) == minutes


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.5", "hours_unreadable"),
        ("-1", "hours_unreadable"),
        ("1e2", "hours_unreadable"),
        ("NaN", "hours_unreadable"),
        ("١", "hours_unreadable"),
        ("0", "hours_none"),
        ("0,00", "hours_none"),
        ("24,25", "hours_many"),
    ],
)
def test_hours_that_cannot_be_are_refused(typed: str, code: str) -> None:
    with pytest.raises(DateProblem) as caught:
        parse_hours(typed)
    assert caught.value.code == code
