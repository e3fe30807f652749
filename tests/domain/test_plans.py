"""How a goal changes, what a rating is, and what hangs together in the municipality's plan (R-621, R-624, R-627)."""

from datetime import date
from itertools import product

import pytest

from portal.core.errors import Invalid
from portal.core.measures import CtiArea
from portal.core.plans import GoalState, MunicipalPlan
from portal.domain.plans import check_change, check_link, check_rating

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


def test_a_rating_has_an_area_and_goes_from_0_to_4() -> None:
    for score in range(5):
        check_rating({CtiArea.WORK: score})
    for wrong, field in (({}, "health"), ({CtiArea.WORK: 5}, "work"), ({CtiArea.NETWORK: -1}, "network")):
        with pytest.raises(Invalid) as refusal:
            check_rating(wrong)
        assert refusal.value.field == field


@pytest.mark.parametrize("kind", MunicipalPlan)
def test_days_of_a_plan_need_a_plan_and_what_is_sent_needs_her_consent(kind: MunicipalPlan) -> None:
    before, day = date(2026, 11, 1), date(2026, 11, 2)
    check_link(kind, plan_on=None, consent_on=before, sent_on=None)
    if kind in (MunicipalPlan.NOT_KNOWN, MunicipalPlan.NONE):
        for days in ((day, None), (None, day)):
            with pytest.raises(Invalid) as refusal:
                check_link(kind, plan_on=days[0], consent_on=before, sent_on=days[1])
            assert refusal.value.field == "kind"
        return
    check_link(kind, plan_on=before, consent_on=before, sent_on=day)
    check_link(kind, plan_on=before, consent_on=day, sent_on=day)
    for consent_on, sent_on in ((None, day), (day, before)):
        with pytest.raises(Invalid) as refusal:
            check_link(kind, plan_on=before, consent_on=consent_on, sent_on=sent_on)
        assert refusal.value.field == "consent_on"
