"""Which roles one person may not have beside each other: a table that a person can check."""

import pytest

from portal.core.enums import Role
from portal.domain.memberships import clashes, excludes

R = Role
NOT_WITH_ADMINISTRATOR = {
    R.CONTACT_PERSON,
    R.MUNICIPAL_ADVISER,
    R.INTAKE,
    R.PROGRAMME_WORKER,
    R.GROUP_LEADER,
    R.HOUSING_COORDINATOR,
    R.GRANT_OFFICER,
    R.GRANT_APPROVER,
    R.GRANT_PAYER,
    R.SAFETY_OFFICER,
    R.DATA_PROTECTION_OFFICER,
    R.SYSTEM,
}


@pytest.mark.parametrize("other", sorted(set(R)))
def test_an_administrator_does_no_case_work_and_holds_no_money(other: Role) -> None:
    assert excludes(R.ADMINISTRATOR, other) is (other in NOT_WITH_ADMINISTRATOR)


@pytest.mark.parametrize("alone", [R.SYSTEM, R.DATA_PROTECTION_OFFICER])
@pytest.mark.parametrize("other", sorted(set(R)))
def test_the_operator_and_the_data_protection_officer_are_nothing_else(alone: Role, other: Role) -> None:
    assert excludes(alone, other) is (alone is not other)


def test_a_safety_officer_coordinates_no_volunteers() -> None:
    not_with = {other for other in R if excludes(R.SAFETY_OFFICER, other)}
    assert not_with == {R.ADMINISTRATOR, R.VOLUNTEER_COORDINATOR, R.SYSTEM, R.DATA_PROTECTION_OFFICER}


@pytest.mark.parametrize("one", sorted(set(R)))
@pytest.mark.parametrize("other", sorted(set(R)))
def test_it_does_not_matter_which_role_came_first(one: Role, other: Role) -> None:
    assert excludes(one, other) is excludes(other, one)


def test_any_one_of_the_roles_that_she_has_is_enough() -> None:
    assert clashes([R.VOLUNTEER, R.INTAKE], R.ADMINISTRATOR)
    assert not clashes([R.VOLUNTEER, R.INTAKE], R.GROUP_LEADER)
    assert not clashes([], R.ADMINISTRATOR)
