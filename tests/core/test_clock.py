"""Danish days and UTC moments."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from portal.core import clock
from portal.core.clock import add_months, add_weekdays, at_local, end_of_local_day, is_weekday, local_date


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 7, 1, 23, 0, tzinfo=timezone(timedelta(hours=-8))), date(2026, 7, 2)),
    ],
)
def test_a_moment_belongs_to_a_danish_day(moment: datetime, day: date) -> None:
    assert local_date(moment) == day


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        local_date(datetime(2026, 7, 1, tzinfo=UTC).replace(tzinfo=None))


def test_now_is_aware_and_in_utc() -> None:
    assert clock.utc_now().tzinfo is UTC


def test_the_time_of_day_is_danish() -> None:
    assert clock.local_time(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == time(14, 0)


@pytest.mark.parametrize(
    ("day", "end", "hours"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, 0, tzinfo=UTC), 23),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, 0, tzinfo=UTC), 25),
        (date(2026, 6, 1), datetime(2026, 6, 1, 22, 0, tzinfo=UTC), 24),
    ],
)
def test_a_day_ends_at_danish_midnight_also_when_the_clock_is_moved(day: date, end: datetime, hours: int) -> None:
    assert end_of_local_day(day) == end
    assert end - clock.start_of_local_day(day) == timedelta(hours=hours)


def test_a_time_that_the_clock_jumps_over_is_refused() -> None:
    with pytest.raises(ValueError, match="does not exist"):
        at_local(date(2026, 3, 29), time(2, 30))


def test_a_time_that_occurs_twice_is_the_first() -> None:
    assert at_local(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_an_ordinary_time_becomes_utc() -> None:
    assert at_local(date(2026, 8, 28), time(14, 0)) == datetime(2026, 8, 28, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 11, 30), 6, date(2027, 5, 30)),
        (date(2026, 11, 30), 9, date(2027, 8, 30)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 8, 31), -2, date(2026, 6, 30)),
        (date(2026, 1, 31), -11, date(2025, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_are_counted_from_the_anchor_and_clamped(anchor: date, months: int, expected: date) -> None:
    assert add_months(anchor, months) == expected


@pytest.mark.parametrize(
    ("day", "plain", "with_saturdays"),
    [
        (date(2026, 4, 1), True, True),
        (date(2026, 4, 2), False, False),  # Maundy Thursday
        (date(2026, 4, 4), False, True),  # Easter Saturday
        (date(2026, 4, 5), False, False),
        (date(2026, 4, 6), False, False),  # Easter Monday
        (date(2026, 12, 26), False, False),  # a Saturday, and Christmas
        (date(2023, 5, 5), False, False),  # General Prayer Day, the last one
        (date(2024, 4, 26), True, True),  # where it would have been
        (date(2026, 12, 24), True, True),  # each municipality chooses; not a public holiday
    ],
)
def test_weekdays_know_danish_holidays(day: date, plain: bool, with_saturdays: bool) -> None:
    assert is_weekday(day) is plain
    assert is_weekday(day, saturdays=True) is with_saturdays


@pytest.mark.parametrize(
    ("start", "count", "saturdays", "expected"),
    [
        (date(2026, 4, 1), 3, True, date(2026, 4, 8)),
        (date(2026, 4, 1), 3, False, date(2026, 4, 9)),
        (date(2026, 12, 23), 3, False, date(2026, 12, 29)),
        (date(2026, 12, 30), 2, False, date(2027, 1, 4)),
        (date(2026, 4, 4), 0, False, date(2026, 4, 4)),
    ],
)
def test_weekdays_are_added_over_holidays(start: date, count: int, saturdays: bool, expected: date) -> None:
    assert add_weekdays(start, count, saturdays) == expected
    assert clock.weekdays_between(start, expected, saturdays) == count


def test_no_weekdays_lie_between_a_day_and_one_before_it() -> None:
    assert clock.weekdays_between(date(2026, 4, 9), date(2026, 4, 1)) == 0
