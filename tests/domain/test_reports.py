"""Figures that were worked out by hand."""

from datetime import date

import pytest

from portal.core.measures import FollowUpPoint
from portal.domain import reports


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (19, 64, 0.1990, 0.4177)],
)
def test_wilson_intervals_as_published(count: int, n: int, low: float, high: float) -> None:
    assert reports.wilson(count, n) == pytest.approx((low, high), abs=2e-4)


@pytest.mark.parametrize(("count", "n"), [(0, 0), (3, 2), (-1, 4)])
def test_a_share_of_nobody_is_refused(count: int, n: int) -> None:
    with pytest.raises(ValueError, match="group"):
        reports.wilson(count, n)


def test_shares_stand_beside_the_published_figures_and_few_are_marked() -> None:
    shares = reports.exposure_shares({FollowUpPoint.START: (3, 10), FollowUpPoint.PHASE_2: (1, 4)})
    assert [(row.key, row.n, row.share, row.published, row.is_few) for row in shares] == [
        ("before", 0, None, 1.0, True),
        ("start", 10, 0.3, 0.3, False),
        ("p2", 4, 0.25, 0.26, True),
        ("p3", 0, None, 0.12, True),
    ]


def test_waiting_bands_meet_without_gap_or_overlap() -> None:
    counted = reports.waiting_bands([-1, 0, 7, 8, 14, 15, 30, 31, 60, 61, 400])
    assert counted == [("0-7", 3), ("8-14", 2), ("15-30", 2), ("31-60", 2), ("60+", 2)]


def test_percent_and_quarters() -> None:
    assert [reports.percent(*pair) for pair in ((0, 0), (0, 3), (1, 3), (1, 8), (2, 2))] == [None, 0, 33, 13, 100]
    assert reports.quarter_of(date(2026, 11, 21)) == (date(2026, 10, 1), date(2027, 1, 1))
    assert reports.quarter_of(date(2026, 3, 31)) == (date(2026, 1, 1), date(2026, 4, 1))
