"""The table of a course: every state and every action, for every kind."""

from datetime import date, timedelta

import pytest

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import EndReason, TrackKind
from portal.core.states import EnrolmentState as S
from portal.domain.enrolments import (
    Action,
    check_end,
    check_ended,
    check_pause,
    check_started,
    end_reasons,
    require_own,
    steps_for,
)
from portal.domain.workflow import check_step

TODAY = date(2026, 11, 21)
POSSIBLE = {
    S.PROPOSED: {Action.START, Action.NEVER_STARTED, Action.ASSIGN},
    S.ACTIVE: {Action.PAUSE, Action.COMPLETE, Action.END_EARLY, Action.ASSIGN},
    S.PAUSED: {Action.RESUME, Action.END_EARLY, Action.ASSIGN},
    S.COMPLETED: set(),
    S.ENDED_EARLY: set(),
    S.TRANSFERRED: set(),
    S.NEVER_STARTED: set(),
}
CARER = {
    TrackKind.GROUP: Role.GROUP_LEADER,
    TrackKind.HOUSING: Role.HOUSING_COORDINATOR,
    TrackKind.FURNISHING: Role.VOLUNTEER_COORDINATOR,
    TrackKind.VOLUNTEER_NETWORK: Role.VOLUNTEER_COORDINATOR,
    TrackKind.GRANT: Role.GRANT_PAYER,
    TrackKind.COORDINATING_COUNSELLING: Role.MUNICIPAL_ADVISER,
}


def actor(role: Role) -> Actor:
    return Actor(1, 1, 1, role)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("kind", TrackKind)
def test_every_state_and_action(kind: TrackKind, action: Action, state: S) -> None:
    who = actor(CARER.get(kind, Role.PROGRAMME_WORKER))
    if action in POSSIBLE[state]:
        assert check_step(steps_for(kind), action, state, who)
    else:
        with pytest.raises(NotNow):
            check_step(steps_for(kind), action, state, who)


@pytest.mark.parametrize("kind", TrackKind)
def test_a_volunteer_is_refused_before_she_learns_the_state(kind: TrackKind) -> None:
    with pytest.raises(Forbidden):
        check_step(steps_for(kind), Action.START, S.COMPLETED, actor(Role.VOLUNTEER))


def test_another_organisation_may_not_touch_the_course() -> None:
    with pytest.raises(Forbidden):
        require_own(actor(Role.PROGRAMME_WORKER), 2)
    require_own(actor(Role.PROGRAMME_WORKER), 1)


@pytest.mark.parametrize("kind", TrackKind)
def test_no_list_of_reasons_says_that_she_was_quiet(kind: TrackKind) -> None:
    assert not {"inactive", "not_reached"} & {reason.value for reason in end_reasons(kind)}
    assert EndReason.COMPLETED not in end_reasons(kind)


def test_cti_ends_early_for_few_reasons_and_other_asks_for_words() -> None:
    with pytest.raises(Invalid):
        check_end(TrackKind.CTI, EndReason.BACK_AT_CENTRE, None)
    check_end(TrackKind.TRANSITION_SUPPORT, EndReason.BACK_AT_CENTRE, None)
    for note in (None, "", "  "):
        with pytest.raises(Invalid):
            check_end(TrackKind.CTI, EndReason.OTHER, note)
    check_end(TrackKind.CTI, EndReason.OTHER, "Hun vil selv")


@pytest.mark.parametrize(("days", "is_fine"), [(-1, False), (0, True), (60, True), (61, False)])
def test_a_pause_is_looked_at_within_sixty_days(days: int, is_fine: bool) -> None:
    if is_fine:
        check_pause(TODAY + timedelta(days=days), TODAY)
    else:
        with pytest.raises(Invalid):
            check_pause(TODAY + timedelta(days=days), TODAY)


def test_days_ahead_and_ends_before_starts_are_refused() -> None:
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    check_started(TODAY, TODAY, TODAY)
    check_ended(yesterday, TODAY, TODAY)
    check_ended(None, yesterday, TODAY)
    with pytest.raises(Invalid):
        check_started(tomorrow, TODAY, TODAY)
    with pytest.raises(Invalid):
        check_started(TODAY - timedelta(days=6 * 365), TODAY, TODAY)
    for started, ended in ((None, tomorrow), (TODAY, yesterday)):
        with pytest.raises(Invalid):
            check_ended(started, ended, TODAY)
