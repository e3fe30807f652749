"""Furnishing: every state with every action, and when there is enough for a work day."""

import pytest

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import Forbidden, NotNow
from portal.core.states import FurnishingState, ItemState
from portal.domain.furnishing import STEPS, FurnishingAction, progress
from portal.domain.workflow import check_step

ORDER = ["requested", "accepted", "scoping", "designed", "sourcing", "scheduled", "delivered", "closed"]
FORWARD = list(zip(FurnishingAction, ORDER, ORDER[1:], strict=False))


@pytest.mark.parametrize("state", FurnishingState)
@pytest.mark.parametrize(("action", "source", "target"), FORWARD)
def test_every_step_has_one_source_and_one_target(
    action: FurnishingAction, source: str, target: str, state: FurnishingState
) -> None:
    actor = Actor(1, 1, 1, Role.VOLUNTEER_COORDINATOR)
    if state == source:
        assert check_step(STEPS, action, state, actor).target == target
    else:
        with pytest.raises(NotNow):
            check_step(STEPS, action, state, actor)


@pytest.mark.parametrize("state", FurnishingState)
def test_a_project_is_called_off_until_it_is_furnished(state: FurnishingState) -> None:
    actor = Actor(1, 1, 1, Role.VOLUNTEER_COORDINATOR)
    if state.value in ORDER[:6]:
        assert check_step(STEPS, FurnishingAction.CANCEL, state, actor)
    else:
        with pytest.raises(NotNow):
            check_step(STEPS, FurnishingAction.CANCEL, state, actor)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.VOLUNTEER_COORDINATOR, Role.SYSTEM}))
def test_only_coordinators_run_projects(role: Role) -> None:
    with pytest.raises(Forbidden):
        check_step(STEPS, FurnishingAction.ACCEPT, FurnishingState.REQUESTED, Actor(1, 1, 1, role))


@pytest.mark.parametrize(("found", "must", "ready"), [(0, 0, False), (3, 5, False), (4, 5, True), (5, 5, True)])
def test_four_fifths_of_what_must_be_there_is_enough(found: int, must: int, ready: bool) -> None:
    items = [(True, ItemState.IN_STOCK, 100)] * found + [(True, ItemState.NEEDED, 0)] * (must - found)
    extra = [(False, ItemState.WISHED, 0), (True, ItemState.DROPPED, 999)]
    result = progress(items + extra)
    assert (result.is_ready, result.cost_ore, result.must) == (ready, found * 100, must)
