"""The ladder of a request without an answer, in weekdays of its own clock."""

from datetime import date, timedelta

import pytest

from portal.core.states import RequestState as S
from portal.domain.ladder import LEAD, NAMED, QUEUE, gone, rungs_to_fire

# Sent on Friday 20 November: the answer is due on Friday 27.
DUE = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("day", "weekdays"),
    [(20, 0), (21, 0), (22, 0), (23, 1), (24, 2), (25, 3), (26, 4), (27, 5), (28, 5), (30, 5)],
)
def test_weekends_do_not_count(day: int, weekdays: int) -> None:
    assert gone(DUE, date(2026, 11, day)) == weekdays


def test_a_clock_that_stands_still_has_no_rungs() -> None:
    assert gone(None, DUE) == 0
    assert rungs_to_fire(S.NEEDS_INFO, None, (), DUE + timedelta(days=30)) == []


@pytest.mark.parametrize(
    ("day", "rungs"),
    [(20, []), (23, [QUEUE]), (24, [QUEUE]), (25, [QUEUE, LEAD]), (27, [QUEUE, LEAD, NAMED])],
)
def test_after_a_stop_of_the_machines_the_rungs_are_made_up_for_in_order(day: int, rungs: list[int]) -> None:
    assert rungs_to_fire(S.SUBMITTED, DUE, (), date(2026, 11, day)) == rungs


def test_each_rung_fires_once_and_the_first_not_when_somebody_reads_it() -> None:
    assert rungs_to_fire(S.SUBMITTED, DUE, (QUEUE,), DUE) == [LEAD, NAMED]
    assert rungs_to_fire(S.SUBMITTED, DUE, (QUEUE, LEAD, NAMED), DUE) == []
    assert rungs_to_fire(S.IN_VISITATION, DUE, (), DUE) == [LEAD, NAMED]
