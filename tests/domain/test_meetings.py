"""Meetings: each state with each action, and the days of a series."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from portal.core.actor import SYSTEM
from portal.core.clock import local_time
from portal.core.errors import Invalid, NotNow
from portal.core.states import MeetingState as S
from portal.domain.meetings import WORKFLOW, MeetingAction, Repeat, check_has_begun, next_free, series, slot
from portal.domain.workflow import check_step

ALLOWED = {
    S.PLANNED: {"move", "cancel", "hold", "not_met", "presence"},
    S.HELD: {"not_met", "note", "presence"},
    S.NOT_MET: {"hold"},
    S.CANCELLED: set(),
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("action", list(MeetingAction))
def test_each_state_with_each_action(state: S, action: MeetingAction) -> None:
    if action.value in ALLOWED[state]:
        check_step(WORKFLOW, action, state, SYSTEM)
    else:
        with pytest.raises(NotNow):
            check_step(WORKFLOW, action, state, SYSTEM)


def test_a_series_keeps_its_time_of_day_when_the_clock_changes() -> None:
    first = slot(date(2026, 10, 19), time(14), time(15))
    times = series(first, Repeat.WEEKLY, 3)
    assert [local_time(one.starts_at) for one in times] == [time(14)] * 3
    assert times[1].starts_at - times[0].starts_at == timedelta(days=7, hours=1)


def test_public_holidays_give_way_and_say_so() -> None:
    first = slot(date(2026, 3, 30), time(10), time(11))
    times = series(first, Repeat.WEEKLY, 3)
    assert [one.starts_at.date() for one in times] == [date(2026, 3, 30), date(2026, 4, 7), date(2026, 4, 13)]
    assert [one.moved_from is not None for one in times] == [False, True, False]
    assert next_free(date(2026, 4, 2)) == date(2026, 4, 7)


def test_months_are_counted_from_the_first() -> None:
    times = series(slot(date(2026, 1, 31), time(10), time(11)), Repeat.MONTHLY, 3)
    assert [one.starts_at.date() for one in times] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


@pytest.mark.parametrize(
    ("day", "starts", "ends", "over", "field"),
    [
        (date(2026, 3, 29), time(2, 30), time(4), False, "starts"),
        (date(2026, 3, 29), time(1), time(2, 30), False, "ends"),
        (date(2026, 3, 28), time(23), time(2, 30), True, "ends"),
        (date(2026, 3, 28), time(10), time(10), False, "ends"),
        (date(2026, 3, 28), time(10), time(9), False, "ends"),
        (date(2026, 4, 10), time(10), time(11), True, "ends"),
    ],
)
def test_times_that_cannot_be(day: date, starts: time, ends: time, over: bool, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        slot(day, starts, ends, ends_next_day=over)
    assert refusal.value.field == field


def test_across_midnight_is_fine() -> None:
    one = slot(date(2026, 3, 27), time(23), time(0, 30), ends_next_day=True)
    assert one.ends_at - one.starts_at == timedelta(minutes=90)


@pytest.mark.parametrize("count", [0, 31, -1])
def test_a_series_has_limits(count: int) -> None:
    with pytest.raises(Invalid):
        series(slot(date(2026, 1, 5), time(10), time(11)), Repeat.WEEKLY, count)


def test_what_has_not_come_cannot_have_been_held() -> None:
    now = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    check_has_begun(now + timedelta(minutes=20), now)
    with pytest.raises(NotNow):
        check_has_begun(now + timedelta(minutes=40), now)
