"""Rounds: each state with each action, marks and absences."""

from datetime import date

import pytest

from portal.core.actor import SYSTEM
from portal.core.errors import Invalid, NotNow
from portal.core.states import Presence as P
from portal.core.states import RoundState as S
from portal.domain.groups import (
    WORKFLOW,
    RoundAction,
    attendance_rate,
    check_can_enter,
    check_correctable,
    check_leaders,
    check_shape,
    needs_welfare_check,
    next_presence,
)
from portal.domain.workflow import check_step

ALLOWED = {
    S.PLANNED: {"open", "cancel", "leave"},
    S.ENROLLING: {"confirm", "cancel", "place", "leave"},
    S.CONFIRMED: {"start", "cancel", "place", "leave"},
    S.RUNNING: {"complete", "place", "leave"},
    S.COMPLETED: set(),
    S.CANCELLED: set(),
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("action", list(RoundAction))
def test_each_state_with_each_action(state: S, action: RoundAction) -> None:
    if action.value in ALLOWED[state]:
        check_step(WORKFLOW, action, state, SYSTEM)
    else:
        with pytest.raises(NotNow):
            check_step(WORKFLOW, action, state, SYSTEM)


def test_a_mark_turns_round() -> None:
    mark, seen = P.EXPECTED, []
    for _ in range(5):
        mark = next_presence(mark)
        seen.append(mark)
    assert seen == [P.PRESENT, P.LATE, P.EXCUSED, P.NOT_MET, P.EXPECTED]
    assert next_presence(P.NOT_APPLICABLE) is P.EXPECTED


@pytest.mark.parametrize(
    ("marks", "asks"),
    [
        ([], False),
        ([P.NOT_MET], False),
        ([P.NOT_MET, P.NOT_MET], True),
        ([P.NOT_MET, P.EXCUSED, P.NOT_MET], True),
        ([P.NOT_MET, P.PRESENT, P.NOT_MET], False),
        ([P.NOT_MET, P.NOT_MET, P.LATE], False),
        ([P.NOT_MET, P.NOT_MET, P.EXPECTED], True),
        ([P.EXCUSED, P.EXCUSED, P.EXCUSED], False),
    ],
)
def test_two_absences_in_a_row_ask_for_a_friendly_word(marks: list[P], asks: bool) -> None:
    assert needs_welfare_check(marks) is asks


def test_the_rate_counts_what_says_something() -> None:
    assert attendance_rate([P.EXPECTED]) is None
    assert attendance_rate([P.PRESENT, P.LATE, P.EXCUSED, P.NOT_MET, P.EXPECTED]) == 50


def test_what_a_round_must_have() -> None:
    with pytest.raises(Invalid):
        check_leaders(1, {})
    check_leaders(1, {"leaders": 1})
    good = {"step_days": 7, "session_count": 15, "places_min": 4, "places_max": 8}
    check_shape(**good)
    for wrong in ({"step_days": 10}, {"session_count": 0}, {"places_min": 9}, {"places_max": 31}):
        with pytest.raises(Invalid):
            check_shape(**good | wrong)
    check_can_enter(2)
    with pytest.raises(NotNow):
        check_can_enter(3)
    check_correctable(date(2026, 11, 1), date(2026, 11, 15))
    with pytest.raises(NotNow):
        check_correctable(date(2026, 11, 1), date(2026, 11, 16))
