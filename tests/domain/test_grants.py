"""Grants: every state with every action, and who may say yes."""

import pytest

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import Forbidden, NotNow
from portal.core.states import GrantState
from portal.domain.grants import STEPS, GrantAction, approvals_needed, may_approve, may_pay
from portal.domain.workflow import check_step

WHO = {
    GrantAction.SUBMIT: Role.CONTACT_PERSON,
    GrantAction.SCREEN: Role.GRANT_OFFICER,
    GrantAction.ASK_INFO: Role.GRANT_OFFICER,
    GrantAction.GIVE_INFO: Role.PROGRAMME_WORKER,
    GrantAction.RECOMMEND: Role.GRANT_OFFICER,
    GrantAction.APPROVE: Role.GRANT_APPROVER,
    GrantAction.DECLINE: Role.GRANT_APPROVER,
    GrantAction.ORDER_PAYMENT: Role.GRANT_PAYER,
    GrantAction.PAY: Role.GRANT_PAYER,
    GrantAction.RECEIPT: Role.GRANT_OFFICER,
    GrantAction.WITHDRAW: Role.MUNICIPAL_ADVISER,
}
FROM = {
    GrantAction.SUBMIT: "draft",
    GrantAction.SCREEN: "submitted",
    GrantAction.ASK_INFO: "screening",
    GrantAction.GIVE_INFO: "needs_info",
    GrantAction.RECOMMEND: "screening assessed",
    GrantAction.APPROVE: "assessed",
    GrantAction.DECLINE: "assessed",
    GrantAction.ORDER_PAYMENT: "approved",
    GrantAction.PAY: "payment_ordered",
    GrantAction.RECEIPT: "paid",
    GrantAction.WITHDRAW: "draft submitted needs_info screening assessed",
}


@pytest.mark.parametrize("state", GrantState)
@pytest.mark.parametrize("action", GrantAction)
def test_every_state_with_every_action(action: GrantAction, state: GrantState) -> None:
    actor = Actor(1, 1, 1, WHO[action])
    if state.value in FROM[action].split():
        assert check_step(STEPS, action, state, actor)
    else:
        with pytest.raises(NotNow):
            check_step(STEPS, action, state, actor)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.INTAKE, Role.PROGRAMME_LEAD, Role.ADMINISTRATOR])
@pytest.mark.parametrize("action", GrantAction)
def test_others_never_do_any_of_it(action: GrantAction, role: Role) -> None:
    state = next(iter(STEPS[action].sources))
    with pytest.raises(Forbidden):
        check_step(STEPS, action, state, Actor(1, 1, 1, role))


@pytest.mark.parametrize(("kroner", "needed"), [(1, 1), (4999, 1), (5000, 1), (5001, 2), (100_000, 2)])
def test_above_the_limit_two_must_say_yes(kroner: int, needed: int) -> None:
    assert approvals_needed(kroner * 100, second_above_ore=500_000) == needed


@pytest.mark.parametrize(("user", "allowed"), [(1, False), (2, False), (3, False), (4, True)])
def test_nobody_approves_an_own_application_an_own_recommendation_or_twice(user: int, allowed: bool) -> None:
    assert may_approve(user, applicant_id=1, recommended_by_id=2, approved_by={3}) is allowed


@pytest.mark.parametrize(("user", "allowed"), [(2, False), (3, False), (4, True)])
def test_who_recommended_or_approved_does_not_pay(user: int, allowed: bool) -> None:
    assert may_pay(user, recommended_by_id=2, approved_by={3}) is allowed
