"""Quarters, and by when everybody is confirmed."""

from datetime import date

import pytest

from portal.domain.staff import confirm_until, quarter_began_at, quarter_began_on, quarter_name


@pytest.mark.parametrize(
    ("day", "began", "name"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), "2026-1"),
        (date(2026, 3, 31), date(2026, 1, 1), "2026-1"),
        (date(2026, 4, 1), date(2026, 4, 1), "2026-2"),
        (date(2026, 12, 31), date(2026, 10, 1), "2026-4"),
    ],
)
def test_a_day_lies_in_its_quarter(day: date, began: date, name: str) -> None:
    assert (quarter_began_on(day), quarter_name(day)) == (began, name)


def test_it_is_confirmed_until_the_fourteenth_and_a_quarter_begins_at_danish_midnight() -> None:
    assert confirm_until(date(2026, 8, 9)) == date(2026, 7, 14)
    assert quarter_began_at(date(2026, 8, 9)).isoformat() == "2026-06-30T22:00:00+00:00"
