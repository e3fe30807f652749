"""How long it may be quiet."""

from datetime import date, timedelta

import pytest

from portal.core.measures import Phase
from portal.domain.silence import CTI_DAYS, Quiet

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(("phase", "days"), [(Phase.PRE, 14), (Phase.P1, 7), (Phase.P2, 14), (Phase.P3, 31)])
def test_each_phase_has_its_own_days(phase: Phase, days: int) -> None:
    assert CTI_DAYS[phase] == days


@pytest.mark.parametrize(("ago", "is_long"), [(0, False), (6, False), (7, True), (400, True)])
def test_it_is_long_from_the_day_of_the_limit(ago: int, is_long: bool) -> None:
    quiet = Quiet(TODAY - timedelta(days=ago), 0, 7)
    assert (quiet.days(TODAY), quiet.is_long(TODAY)) == (ago, is_long)


def test_what_is_dated_ahead_is_no_silence() -> None:
    assert Quiet(TODAY + timedelta(days=1), 0, 7).days(TODAY) == 0
