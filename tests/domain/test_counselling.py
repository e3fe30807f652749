"""The statutory counselling: every state and action, six and twelve months; and hours."""

from datetime import date

import pytest

from portal.core.actor import Actor
from portal.core.courses import CounsellingAnswer
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.states import CounsellingState as S
from portal.domain.counselling import (
    WORKFLOW,
    Action,
    ask_again_on,
    check_child_minutes,
    check_extension,
    check_use,
    longest_end,
    look_on,
    planned_end,
)
from portal.domain.workflow import check_step

ADVISER = Actor(1, 1, 1, Role.MUNICIPAL_ADVISER)
MOVED = date(2026, 8, 31)
POSSIBLE = {
    S.NOT_OFFERED: {Action.OFFER},
    S.OFFERED: {Action.ACCEPT, Action.DECLINE, Action.LATER, Action.NO_ANSWER},
    S.LATER: {Action.OFFER, Action.ACCEPT, Action.DECLINE, Action.LATER, Action.NO_ANSWER},
    S.NO_ANSWER: {Action.OFFER, Action.ACCEPT, Action.DECLINE, Action.LATER, Action.NO_ANSWER},
    S.DECLINED: {Action.OFFER},
    S.ACCEPTED: {Action.START},
    S.STARTED: {Action.EXTEND, Action.END},
    S.ENDED: set(),
}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("action", Action)
def test_every_state_and_action(action: Action, state: S) -> None:
    if action in POSSIBLE[state]:
        assert check_step(WORKFLOW, action, state, ADVISER)
    else:
        with pytest.raises(NotNow):
            check_step(WORKFLOW, action, state, ADVISER)


@pytest.mark.parametrize("action", Action)
def test_whoever_works_with_her_writes_down_the_offer_and_the_municipality_does_the_rest(action: Action) -> None:
    state, contact = next(iter(WORKFLOW[action].sources)), Actor(1, 1, 1, Role.CONTACT_PERSON)
    assert check_step(WORKFLOW, action, state, ADVISER)
    if action in (Action.OFFER, Action.ACCEPT, Action.DECLINE, Action.LATER, Action.NO_ANSWER):
        assert check_step(WORKFLOW, action, state, contact)
    else:
        with pytest.raises(Forbidden):
            check_step(WORKFLOW, action, state, contact)


def test_six_and_twelve_months_are_counted_from_the_move_and_clamped() -> None:
    assert planned_end(None) is None
    assert planned_end(MOVED) == date(2027, 2, 28)
    assert longest_end(MOVED) == date(2027, 8, 31)


@pytest.mark.parametrize(
    ("until", "moved_on", "is_fine"),
    [
        (date(2027, 2, 28), MOVED, False),
        (date(2027, 3, 1), MOVED, True),
        (date(2027, 8, 31), MOVED, True),
        (date(2027, 9, 1), MOVED, False),
        (date(2027, 3, 1), None, False),
    ],
)
def test_an_extension_lies_between_six_and_twelve_months(until: date, moved_on: date | None, is_fine: bool) -> None:
    if is_fine:
        check_extension(until, moved_on=moved_on, current=planned_end(moved_on))
    else:
        with pytest.raises(Invalid):
            check_extension(until, moved_on=moved_on, current=planned_end(moved_on))


@pytest.mark.parametrize(("hours", "is_fine"), [(3, False), (4, True), (10, True), (11, False)])
def test_a_child_has_four_to_ten_hours(hours: int, is_fine: bool) -> None:
    if is_fine:
        check_child_minutes(hours * 60)
    else:
        with pytest.raises(Invalid):
            check_child_minutes(hours * 60)


def test_hours_ahead_and_more_than_are_left_are_refused() -> None:
    today = date(2026, 11, 21)
    check_use(90, 90, today, today)
    with pytest.raises(Invalid, match="1,5"):
        check_use(91, 90, today, today)
    with pytest.raises(Invalid):
        check_use(30, 90, date(2026, 11, 22), today)


@pytest.mark.parametrize(
    ("today", "again"),
    [
        (date(2026, 9, 10), date(2026, 9, 17)),
        # A week after a Saturday is the Monday after it; Christmas Day is no weekday either.
        (date(2026, 9, 12), date(2026, 9, 21)),
        (date(2026, 12, 18), date(2026, 12, 28)),
    ],
)
def test_whoever_was_not_reached_is_tried_again_in_a_week_on_a_weekday(today: date, again: date) -> None:
    assert ask_again_on(CounsellingAnswer.NO_ANSWER, None, today=today) == again
    chosen = date(2027, 1, 3)
    assert ask_again_on(CounsellingAnswer.NO_ANSWER, chosen, today=today) == chosen
    assert ask_again_on(CounsellingAnswer.NO, None, today=today) is None


def test_without_a_move_somebody_looks_six_months_after_she_left_or_it_began() -> None:
    assert look_on(None, date(2026, 8, 31)) == date(2027, 2, 28)
    assert look_on(date(2026, 9, 15), date(2026, 8, 31)) == date(2027, 3, 15)
    assert look_on(date(2026, 8, 1), date(2026, 8, 31)) == date(2027, 2, 28)
