"""Who may take a task, what is shown when, and every state with every action."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import Forbidden, NotNow
from portal.core.states import ClaimState, TaskState
from portal.core.volunteers import Requirement as R
from portal.core.volunteers import SafetyAdvice as S
from portal.domain.tasks import (
    CLAIM_STEPS,
    TASK_STEPS,
    ClaimAction,
    TaskAction,
    missing_requirements,
    must_tell_why,
    safety_advice,
    shown_to,
    window,
)
from portal.domain.workflow import check_step

START = datetime(2026, 9, 5, 8, 0, tzinfo=UTC)
END = datetime(2026, 9, 5, 11, 0, tzinfo=UTC)
ALL_IN_ORDER: dict[str, Any] = {
    "pledged_on": date(2026, 1, 1),
    "trained_on": date(2026, 1, 2),
    "certificate_until": date(2027, 1, 1),
    "opens_on": None,
    "is_suspended": False,
    "needs_certificate": True,
    "on": date(2026, 9, 5),
}


def somebody(role: Role) -> Actor:
    return Actor(1, 1, 1, role)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, ()),
        ({"pledged_on": None}, (R.PLEDGE,)),
        ({"trained_on": None}, (R.TRAINING,)),
        ({"certificate_until": None}, (R.CERTIFICATE,)),
        ({"certificate_until": date(2026, 9, 4)}, (R.CERTIFICATE,)),
        ({"certificate_until": date(2026, 9, 5)}, ()),
        ({"certificate_until": None, "needs_certificate": False}, ()),
        ({"is_suspended": True}, (R.ACTIVE,)),
        ({"opens_on": date(2026, 9, 6)}, (R.READY,)),
        ({"opens_on": date(2026, 9, 5)}, ()),
        ({"pledged_on": None, "trained_on": None, "is_suspended": True}, (R.ACTIVE, R.PLEDGE, R.TRAINING)),
    ],
)
def test_a_volunteer_needs_declaration_training_and_certificate(change: dict[str, Any], missing: tuple[R, ...]) -> None:
    given = ALL_IN_ORDER | change
    needs, on = given.pop("needs_certificate"), given.pop("on")
    assert missing_requirements(SimpleNamespace(**given), needs_certificate=needs, on=on, today=on) == missing


@pytest.mark.parametrize(
    ("confirmed", "done", "opens", "closes"),
    [
        (START - timedelta(days=5), None, START - timedelta(hours=24), END + timedelta(hours=2)),
        (START - timedelta(hours=1), None, START - timedelta(hours=1), END + timedelta(hours=2)),
        (START - timedelta(days=5), END, START - timedelta(hours=24), END),
        (START - timedelta(days=5), END + timedelta(hours=9), START - timedelta(hours=24), END + timedelta(hours=2)),
    ],
)
def test_the_window_opens_a_day_before_and_closes_at_completion(
    confirmed: datetime, done: datetime | None, opens: datetime, closes: datetime
) -> None:
    assert window(confirmed_at=confirmed, done_at=done, starts_at=START, ends_at=END) == (opens, closes)


def test_there_is_no_window_before_confirmation() -> None:
    assert window(confirmed_at=None, done_at=None, starts_at=START, ends_at=END) is None


@pytest.mark.parametrize(
    ("state", "hours_from_start", "expected"),
    [
        (ClaimState.PENDING, -1, (True, False, False, False)),
        (ClaimState.CONFIRMED, -25, (True, True, True, False)),
        (ClaimState.CONFIRMED, -24, (True, True, True, True)),
        (ClaimState.CONFIRMED, 4.99, (True, True, True, True)),
        (ClaimState.CONFIRMED, 5, (False, False, False, False)),
        (ClaimState.DONE, 1, (False, False, False, False)),
        (ClaimState.RELEASED, 1, (False, False, False, False)),
        (ClaimState.WITHDRAWN_BY_STAFF, 1, (False, False, False, False)),
    ],
)
def test_what_is_shown_follows_state_and_clock(
    state: ClaimState, hours_from_start: float, expected: tuple[bool, ...]
) -> None:
    opening = window(confirmed_at=START - timedelta(days=5), done_at=None, starts_at=START, ends_at=END)
    shown = shown_to(state, opening, now=START + timedelta(hours=hours_from_start))
    assert (shown.card, shown.exact_time, shown.meeting_point, shown.private) == expected


@pytest.mark.parametrize("state", list(ClaimState))
@pytest.mark.parametrize("hours_from_start", [-25, -1, 1, 6])
def test_of_a_task_that_is_put_off_nothing_is_shown_whatever_the_clock_says(
    state: ClaimState, hours_from_start: float
) -> None:
    opening = window(confirmed_at=START - timedelta(days=5), done_at=None, starts_at=START, ends_at=END)
    shown = shown_to(state, opening, now=START + timedelta(hours=hours_from_start), is_held=True)
    assert not (shown.card or shown.exact_time or shown.meeting_point or shown.private)


@pytest.mark.parametrize(
    ("accompanied", "children", "left_out"),
    [
        (False, False, {S.WAIT_FOR_STAFF, S.NOT_ALONE_WITH_CHILD}),
        (True, False, {S.NOT_ALONE, S.NOT_ALONE_WITH_CHILD}),
        (False, True, {S.WAIT_FOR_STAFF}),
        (True, True, {S.NOT_ALONE}),
    ],
)
def test_the_advice_is_the_fixed_list_without_what_does_not_fit(
    accompanied: bool, children: bool, left_out: set[S]
) -> None:
    advice = safety_advice(is_accompanied=accompanied, has_children=children)
    assert advice == tuple(one for one in S if one not in left_out)


@pytest.mark.parametrize(("hours", "asked"), [(48, False), (24, False), (23.9, True), (-1, True)])
def test_giving_back_late_asks_why(hours: float, asked: bool) -> None:
    assert must_tell_why(starts_at=START, now=START - timedelta(hours=hours)) is asked


CLAIM_ROWS = {
    ClaimAction.CONFIRM: {ClaimState.PENDING},
    ClaimAction.TAKE_BACK: {ClaimState.PENDING, ClaimState.CONFIRMED},
    ClaimAction.RELEASE: {ClaimState.PENDING, ClaimState.CONFIRMED},
    ClaimAction.KNOWS_HER: {ClaimState.CONFIRMED},
    ClaimAction.REPORT: {ClaimState.CONFIRMED},
}
HERS = {ClaimAction.RELEASE, ClaimAction.KNOWS_HER, ClaimAction.REPORT}


@pytest.mark.parametrize("state", ClaimState)
@pytest.mark.parametrize("action", ClaimAction)
def test_every_state_of_a_claim_with_every_action(action: ClaimAction, state: ClaimState) -> None:
    role = Role.VOLUNTEER if action in HERS else Role.VOLUNTEER_COORDINATOR
    if state in CLAIM_ROWS[action]:
        assert check_step(CLAIM_STEPS, action, state, somebody(role)).target is not state
    else:
        with pytest.raises(NotNow):
            check_step(CLAIM_STEPS, action, state, somebody(role))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", TaskAction)
def test_only_coordinators_run_the_pool(action: TaskAction, role: Role) -> None:
    state = next(iter(TASK_STEPS[action].sources))
    if role in (Role.VOLUNTEER_COORDINATOR, Role.SYSTEM):
        assert check_step(TASK_STEPS, action, state, somebody(role))
    else:
        with pytest.raises(Forbidden):
            check_step(TASK_STEPS, action, state, somebody(role))


@pytest.mark.parametrize("state", sorted(set(TaskState) - {TaskState.REPORTED}))
def test_hours_are_verified_only_when_they_are_in(state: TaskState) -> None:
    with pytest.raises(NotNow):
        check_step(TASK_STEPS, TaskAction.VERIFY, state, somebody(Role.VOLUNTEER_COORDINATOR))
