"""What each role may ever ask for at the door, as a table that a person can check."""

import pytest

from portal.core.actor import Actor
from portal.core.enums import Permission as P
from portal.core.enums import Role
from portal.core.errors import Forbidden
from portal.domain.permissions import ROLE_PERMISSIONS, can, require

CASE_READERS = {Role.CONTACT_PERSON, Role.MUNICIPAL_ADVISER, Role.PROGRAMME_WORKER, Role.GROUP_LEADER,
                Role.HOUSING_COORDINATOR}  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_cases_open_to_teams_and_track_leads_alone(role: Role) -> None:
    assert can(Actor(1, 1, 1, role), P.CASE_VIEW) is (role in CASE_READERS)


@pytest.mark.parametrize(("permission", "roles"), [
    (P.CASE_EDIT, {Role.CONTACT_PERSON, Role.MUNICIPAL_ADVISER, Role.PROGRAMME_WORKER}),
    (P.GRANT_APPROVE, {Role.GRANT_APPROVER}),
    (P.GRANT_PAY, {Role.GRANT_PAYER}),
    (P.GRANT_RECOMMEND, {Role.GRANT_OFFICER}),
    (P.TASK_CLAIM, {Role.VOLUNTEER}),
    (P.REPORT_VIEW, {Role.PROGRAMME_LEAD}),
    (P.TENANCY_ASK, {Role.CONTACT_PERSON, Role.PROGRAMME_WORKER}),
    (P.TENANCY_DECIDE, {Role.HOUSING_COORDINATOR, Role.PROGRAMME_LEAD}),
    (P.AUDIT_VIEW, {Role.SAFETY_OFFICER, Role.DATA_PROTECTION_OFFICER}),
    (P.USER_MANAGE, {Role.ADMINISTRATOR}),
    (P.FOLLOW_UP_FILL, {Role.CONTACT_PERSON, Role.MUNICIPAL_ADVISER, Role.PROGRAMME_WORKER}),
])  # fmt: skip
def test_a_sharp_permission_belongs_to_few(permission: P, roles: set[Role]) -> None:
    assert {role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions} == roles


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SAFETY_OFFICER, Role.DATA_PROTECTION_OFFICER,
                                  Role.PROGRAMME_LEAD, Role.VOLUNTEER])  # fmt: skip
def test_whoever_runs_the_house_opens_no_case(role: Role) -> None:
    with pytest.raises(Forbidden):
        require(Actor(1, 1, 1, role), P.CASE_VIEW)


def test_the_machine_has_no_role_at_the_door() -> None:
    assert ROLE_PERMISSIONS[Role.SYSTEM] == frozenset()
