"""Which proof is enough for whom, and which codes are taken."""

import pytest

from portal.core.enums import Role
from portal.core.sign_in import Proof
from portal.domain.sign_in import PASSKEY_ROLES, is_enough, may_change_factors, usable_steps


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("proof", Proof)
def test_a_password_is_never_enough_and_some_roles_need_a_passkey(role: Role, proof: Proof) -> None:
    expected = {
        Proof.PASSWORD: False,
        Proof.CODE: role not in PASSKEY_ROLES,
        Proof.RECOVERY_CODE: role not in PASSKEY_ROLES,
        Proof.PASSKEY: True,
    }
    assert is_enough(role, proof) is expected[proof]


def test_who_lets_money_go_or_others_in_needs_a_passkey() -> None:
    assert {role.value for role in PASSKEY_ROLES} == {
        "safety_officer",
        "grant_officer",
        "grant_approver",
        "grant_payer",
        "data_protection_officer",
        "administrator",
    }


@pytest.mark.parametrize(
    ("proof", "has_passkey", "has_app", "may"),
    [
        (Proof.PASSWORD, False, False, True),
        (Proof.PASSWORD, False, True, False),
        (Proof.CODE, False, True, True),
        (Proof.CODE, True, True, False),
        (Proof.PASSWORD, True, False, False),
        (Proof.RECOVERY_CODE, True, True, True),
        (Proof.PASSKEY, True, True, True),
    ],
)
def test_a_passkey_is_changed_with_a_passkey(proof: Proof, has_passkey: bool, has_app: bool, may: bool) -> None:
    assert may_change_factors(proof, has_passkey=has_passkey, has_app=has_app) is may


def test_one_step_to_each_side_and_none_that_was_used() -> None:
    assert usable_steps(100, 0) == (99, 100, 101)
    assert usable_steps(100, 100) == (101,)
    assert usable_steps(100, 101) == ()
