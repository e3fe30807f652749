"""The clocks of a request: how long an answer may take, and how long the sender reads what became of it."""

from datetime import date, timedelta

import pytest

from portal.domain.referrals import (
    days_left,
    is_content_open,
    is_progress_open,
    is_safety_fresh,
    is_status_open,
    may_reopen,
    resumed_due,
)

FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)


def test_the_receivers_clock_counts_weekdays_and_stops_at_nothing() -> None:
    assert days_left(MONDAY, FRIDAY) == 1
    assert days_left(FRIDAY, FRIDAY) == 0
    assert days_left(None, FRIDAY) == 0


@pytest.mark.parametrize(("left", "due"), [(None, MONDAY), (0, MONDAY), (1, MONDAY), (3, MONDAY + timedelta(days=2))])
def test_a_resumed_clock_has_its_rest_and_at_least_one_weekday(left: int | None, due: date) -> None:
    assert resumed_due(left, FRIDAY) == due


@pytest.mark.parametrize(("days", "is_fresh"), [(0, True), (30, True), (31, False)])
def test_an_assessment_is_sent_along_for_thirty_days(days: int, is_fresh: bool) -> None:
    assert is_safety_fresh(FRIDAY - timedelta(days=days), FRIDAY) is is_fresh
    assert not is_safety_fresh(None, FRIDAY)


@pytest.mark.parametrize(
    ("days", "content", "status", "agreed"),
    [
        (0, True, True, True),
        (30, True, True, True),
        (31, False, False, True),
        (90, False, False, True),
        (91,) + (False,) * 3,
    ],
)
def test_the_sender_reads_less_with_time(days: int, content: bool, status: bool, agreed: bool) -> None:
    decided = FRIDAY - timedelta(days=days)
    assert is_content_open(decided, FRIDAY) is content
    assert is_status_open(decided, FRIDAY, may_see_progress=False) is status
    assert is_status_open(decided, FRIDAY, may_see_progress=True) is agreed
    assert is_progress_open(decided, FRIDAY, may_see_progress=True) is agreed
    assert not is_progress_open(decided, FRIDAY, may_see_progress=False)
    assert may_reopen(decided, FRIDAY) is content


def test_what_is_not_decided_stays_readable_and_cannot_be_reopened() -> None:
    assert is_content_open(None, FRIDAY)
    assert is_status_open(None, FRIDAY, may_see_progress=False)
    assert not may_reopen(None, FRIDAY)
