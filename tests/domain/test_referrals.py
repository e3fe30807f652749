"""The clocks of a request: how long an answer may take, and how long the sender reads what became of it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core.kinds import TrackKind
from portal.core.states import EnrolmentState as E
from portal.core.states import RequestState as S
from portal.domain.referrals import (
    days_left,
    is_content_open,
    is_progress_open,
    is_safety_fresh,
    is_status_open,
    may_reopen,
    resumed_due,
    unsaid_until,
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


DECIDED = datetime(2026, 11, 23, 23, 55, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "kind", "course", "minutes", "is_unsaid"),
    [
        (S.DECLINED, TrackKind.GROUP, None, 9, True),
        (S.DECLINED, TrackKind.GROUP, None, 10, False),
        (S.DECLINED, TrackKind.GRANT, None, 9, True),
        (S.ACCEPTED, TrackKind.CTI, E.PROPOSED, 9, True),
        (S.ACCEPTED, TrackKind.CTI, E.ACTIVE, 9, False),
        (S.ACCEPTED, TrackKind.COORDINATING_COUNSELLING, E.PROPOSED, 0, False),
        (S.WITHDRAWN, TrackKind.CTI, None, 0, False),
    ],
)
def test_an_answer_is_told_when_it_can_no_longer_be_undone(
    state: S, kind: TrackKind, course: E | None, minutes: int, is_unsaid: bool
) -> None:
    now = DECIDED + timedelta(minutes=minutes)
    until = DECIDED + timedelta(minutes=10) if is_unsaid else None
    assert unsaid_until(state, DECIDED, kind, course, now) == until
    assert unsaid_until(state, None, kind, course, now) is None
