"""Homes and tenancies: each state with each action, months and the extension."""

from datetime import date

import pytest

from portal.core.actor import SYSTEM
from portal.core.errors import Invalid, NotNow
from portal.core.states import TenancyState as T
from portal.core.states import UnitState as U
from portal.domain.housing import (
    TENANCY_STEPS,
    UNIT_STEPS,
    TenancyAction,
    UnitAction,
    can_be_given,
    check_gap,
    check_may_ask,
    check_reason,
    end_of,
    month_number,
    progress,
)
from portal.domain.workflow import check_step

UNIT_ALLOWED = {
    U.VACANT_NOT_READY: {"make_ready", "close_down"},
    U.VACANT_READY: {"accept", "close_down"},
    U.ACCEPTING: {"stop", "close_down", "hold"},
    U.HELD: {"release", "move_in"},
    U.OCCUPIED: {"notice"},
    U.NOTICE_GIVEN: {"move_out"},
    U.OUT_OF_SERVICE: {"reopen"},
}
TENANCY_ALLOWED = {
    T.RESERVED: {"move_in", "not_taken"},
    T.ACTIVE: {"ask_extension", "give_notice"},
    T.EXTENSION_REQUESTED: {"grant_extension", "refuse_extension", "give_notice"},
    T.EXTENDED: {"give_notice"},
    T.NOTICE: {"move_out"},
    T.MOVED_OUT: set(),
    T.NOT_TAKEN: set(),
}


@pytest.mark.parametrize("state", list(U))
@pytest.mark.parametrize("action", list(UnitAction))
def test_each_state_of_a_home_with_each_action(state: U, action: UnitAction) -> None:
    if action.value in UNIT_ALLOWED[state]:
        check_step(UNIT_STEPS, action, state, SYSTEM)
    else:
        with pytest.raises(NotNow):
            check_step(UNIT_STEPS, action, state, SYSTEM)


@pytest.mark.parametrize("state", list(T))
@pytest.mark.parametrize("action", list(TenancyAction))
def test_each_state_of_a_tenancy_with_each_action(state: T, action: TenancyAction) -> None:
    if action.value in TENANCY_ALLOWED[state]:
        check_step(TENANCY_STEPS, action, state, SYSTEM)
    else:
        with pytest.raises(NotNow):
            check_step(TENANCY_STEPS, action, state, SYSTEM)


def test_months_of_a_tenancy() -> None:
    start = date(2025, 1, 31)
    assert [month_number(start, day) for day in (date(2025, 1, 30), start, date(2025, 2, 27), date(2025, 2, 28))] == [
        0,
        1,
        1,
        2,
    ]
    assert end_of(start) == date(2027, 1, 31)
    assert end_of(start, 24) == date(2029, 1, 31)
    with pytest.raises(Invalid):
        end_of(start, 25)


def test_when_an_answer_is_due() -> None:
    start = date(2025, 1, 1)
    assert not progress(start, 24, T.ACTIVE, date(2026, 3, 31)).needs_answer
    assert progress(start, 24, T.ACTIVE, date(2026, 4, 1)).needs_answer
    assert not progress(start, 36, T.EXTENDED, date(2027, 6, 1)).needs_answer
    assert not progress(start, 24, T.ACTIVE, date(2026, 4, 1), is_decided=True).needs_answer


@pytest.mark.parametrize(
    ("state", "ready_on", "can"),
    [
        (U.ACCEPTING, None, True),
        (U.VACANT_READY, None, True),
        (U.VACANT_NOT_READY, None, False),
        (U.VACANT_NOT_READY, date(2026, 12, 1), True),
        (U.HELD, None, False),
        (U.OCCUPIED, None, False),
        (U.NOTICE_GIVEN, date(2026, 12, 1), False),
        (U.OUT_OF_SERVICE, date(2026, 12, 1), False),
    ],
)
def test_a_home_can_be_offered_when_it_is_free_or_its_day_is_known(state: U, ready_on: date | None, can: bool) -> None:
    assert can_be_given(state, ready_on) is can


@pytest.mark.parametrize(
    ("today", "months", "is_decided", "may"),
    [
        (date(2026, 3, 31), 24, False, False),
        (date(2026, 4, 1), 24, False, True),
        (date(2026, 7, 1), 24, False, True),
        (date(2026, 7, 2), 24, False, False),
        (date(2026, 5, 1), 36, False, False),
        (date(2026, 5, 1), 24, True, False),
    ],
)
def test_an_extension_is_asked_for_once_in_its_window(today: date, months: int, is_decided: bool, may: bool) -> None:
    if may:
        check_may_ask(date(2027, 1, 1), months, is_decided, today)
    else:
        with pytest.raises(NotNow):
            check_may_ask(date(2027, 1, 1), months, is_decided, today)


def test_a_gap_after_the_stay_needs_a_reason() -> None:
    day = date(2026, 11, 21)
    check_gap(day, day, None)
    check_gap(date(2026, 11, 20), day, "Hun var hos sin søster")
    for ended in (None, date(2026, 11, 20)):
        with pytest.raises(Invalid):
            check_gap(ended, day, "  ")
    with pytest.raises(Invalid):
        check_reason(" ")
