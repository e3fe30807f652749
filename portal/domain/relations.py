"""What somebody is to a case, from the ties between them (security rule 2.1).

The order is the rule: the first line that fits wins, and a block comes before everything.
"""

from dataclasses import dataclass

from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.domain.disclosure import Relation

TEAM_ROLES = frozenset({Role.CONTACT_PERSON, Role.MUNICIPAL_ADVISER, Role.PROGRAMME_WORKER})
TRACK_ROLES = {Role.GROUP_LEADER: TrackKind.GROUP, Role.HOUSING_COORDINATOR: TrackKind.HOUSING}
INTAKE_ROLES = frozenset({Role.INTAKE, Role.MUNICIPAL_ADVISER})
GRANT_ROLES = frozenset({Role.GRANT_OFFICER, Role.GRANT_APPROVER, Role.GRANT_PAYER})
# Who may open a case in an emergency (security rule 2.8).
EMERGENCY_ROLES = frozenset({*TEAM_ROLES, *TRACK_ROLES, Role.INTAKE})
# Tracks whose work is done at an address, and tracks that children take part in.
NEEDS_ADDRESS = frozenset({TrackKind.HOUSING, TrackKind.FURNISHING})
INVOLVES_CHILDREN = frozenset({TrackKind.ENTITLEMENT, TrackKind.HOUSING})


@dataclass(frozen=True, slots=True)
class Ties:
    """What there is between one person in one role and one case, as facts. Everything is absent unless it is said."""

    is_blocked: bool = False
    is_own: bool = False
    is_on_team: bool = False
    has_emergency: bool = False
    is_referrer: bool = False
    is_referrers_colleague: bool = False
    awaits_intake: bool = False
    is_on_own_track: bool = False
    is_in_own_pool: bool = False
    is_offered: bool = False
    is_in_window: bool = False
    is_in_own_queue: bool = False


def relation(role: Role, ties: Ties) -> Relation:
    """Exactly one relation (R-370). "No relation" is that of a stranger, so nothing is confirmed."""
    if ties.is_blocked:
        return Relation.BX
    if role in TEAM_ROLES | {Role.INTAKE}:
        return _case_worker(role, ties)
    if role in TRACK_ROLES:
        return _track_lead(ties)
    if role in GRANT_ROLES:
        return Relation.GO if ties.is_in_own_queue else Relation.XO
    return _others(role, ties)


# What somebody usually is to a case, before anything is known of one.
USUALLY = {
    **dict.fromkeys(TEAM_ROLES, Relation.CT),
    **dict.fromkeys(TRACK_ROLES, Relation.TT),
    **dict.fromkeys(GRANT_ROLES, Relation.GO),
    Role.INTAKE: Relation.IN,
    Role.VOLUNTEER: Relation.VO,
    Role.VOLUNTEER_COORDINATOR: Relation.VC,
}


def usual_relation(role: Role) -> Relation:
    """What this role is to a case when it has to do with one."""
    return USUALLY.get(role) or OF_THE_OWNER[role]


def _case_worker(role: Role, ties: Ties) -> Relation:
    steps = (
        (ties.is_on_team, Relation.CT),
        (ties.has_emergency, Relation.BG),
        (role in INTAKE_ROLES and ties.awaits_intake, Relation.IN),
        (ties.is_referrer, Relation.RF),
        (ties.is_referrers_colleague, Relation.RC),
        (ties.is_own, Relation.CN),
    )
    return next((found for is_so, found in steps if is_so), Relation.XO)


def _track_lead(ties: Ties) -> Relation:
    steps = (
        (ties.is_on_own_track, Relation.TT),
        (ties.has_emergency, Relation.BG),
        (ties.awaits_intake, Relation.IN),
        (ties.is_own, Relation.TN),
    )
    return next((found for is_so, found in steps if is_so), Relation.XO)


def _others(role: Role, ties: Ties) -> Relation:
    if role is Role.VOLUNTEER:
        return Relation.VW if ties.is_in_window else Relation.VO if ties.is_offered else Relation.VN
    if role is Role.VOLUNTEER_COORDINATOR:
        return Relation.VC if ties.is_in_own_pool else Relation.XO
    return OF_THE_OWNER.get(role, Relation.XO) if ties.is_own else Relation.XO


# What these roles are to every case of their own organisation.
OF_THE_OWNER = {
    Role.PROGRAMME_LEAD: Relation.PL,
    Role.SAFETY_OFFICER: Relation.SO,
    Role.DATA_PROTECTION_OFFICER: Relation.DP,
    Role.ADMINISTRATOR: Relation.OA,
    Role.SYSTEM: Relation.SA,
}
