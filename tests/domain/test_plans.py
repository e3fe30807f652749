"""From which state a goal comes to which, and what is asked for then (R-621)."""

from itertools import product

import pytest

from portal.core.errors import Invalid
from portal.core.plans import GoalState
from portal.domain.plans import check_change

ENDED_WELL = (GoalState.REACHED, GoalState.PARTLY_REACHED)


@pytest.mark.parametrize(("now", "wanted"), list(product(GoalState, GoalState)))
def test_every_state_leads_to_every_other_and_none_to_itself(now: GoalState, wanted: GoalState) -> None:
    if now is not wanted:
        check_change(now, wanted, 3, "Hun vil noget andet")
        return
    with pytest.raises(Invalid) as refusal:
        check_change(now, wanted, 3, "Hun vil noget andet")
    assert refusal.value.field == "state"


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_what_is_dropped_says_why(reason: str | None) -> None:
    with pytest.raises(Invalid) as refusal:
        check_change(GoalState.OPEN, GoalState.DROPPED, None, reason)
    assert refusal.value.field == "reason"


@pytest.mark.parametrize(("wanted", "far"), [*product(ENDED_WELL, (None,)), *product(GoalState, (-1, 5))])
def test_how_far_it_came_is_said_from_0_to_4(wanted: GoalState, far: int | None) -> None:
    now = GoalState.IN_PROGRESS if wanted is not GoalState.IN_PROGRESS else GoalState.OPEN
    with pytest.raises(Invalid) as refusal:
        check_change(now, wanted, far, "Fordi")
    assert refusal.value.field == "attainment"
