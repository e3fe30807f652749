"""Which roles one person may not have beside each other, and who may end whose role."""

from collections.abc import Iterable

from portal.core.enums import Role

CASE_ROLES = frozenset(
    {
        Role.CONTACT_PERSON,
        Role.MUNICIPAL_ADVISER,
        Role.INTAKE,
        Role.PROGRAMME_WORKER,
        Role.GROUP_LEADER,
        Role.HOUSING_COORDINATOR,
    }
)
GRANT_ROLES = frozenset({Role.GRANT_OFFICER, Role.GRANT_APPROVER, Role.GRANT_PAYER})
# Beside these a person has nothing else, anywhere.
ALONE = frozenset({Role.SYSTEM, Role.DATA_PROTECTION_OFFICER})
APART: tuple[tuple[Role, frozenset[Role]], ...] = (
    (Role.ADMINISTRATOR, CASE_ROLES | GRANT_ROLES | {Role.SAFETY_OFFICER}),
    (Role.SAFETY_OFFICER, frozenset({Role.VOLUNTEER_COORDINATOR})),
)
# An organisation is never without one of each: nobody could let others in, or end what goes wrong.
NEVER_LAST = frozenset({Role.ADMINISTRATOR, Role.SAFETY_OFFICER})
# These run the house and never come to a case through a team (security rule AC-7).
NEVER_ON_TEAM = frozenset({Role.ADMINISTRATOR, Role.SAFETY_OFFICER, Role.DATA_PROTECTION_OFFICER})


def excludes(one: Role, other: Role) -> bool:
    """Whether one person may not be both, wherever (R-460). The same role at two places is allowed, these too."""
    if one is other:
        return False
    if one in ALONE or other in ALONE:
        return True
    return any((one is role and other in others) or (other is role and one in others) for role, others in APART)


def clashes(held: Iterable[Role], wanted: Role) -> bool:
    """Whether a person who has these roles may not get that one (R-460)."""
    return any(excludes(role, wanted) for role in held)
