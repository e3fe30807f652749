"""Who acts: one person in one role at one organisation."""

from dataclasses import dataclass

from portal.core.enums import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """One membership in use. Permissions never add up over several memberships (security rule: one active role)."""

    user_id: int | None
    membership_id: int | None
    organisation_id: int | None
    role: Role
    language: str = "da"
    name: str = ""
    organisation_name: str = ""
    # Whether the organisation is leaving: then it reads and hands over, and changes nothing else.
    is_frozen: bool = False


SYSTEM = Actor(user_id=None, membership_id=None, organisation_id=None, role=Role.SYSTEM)
