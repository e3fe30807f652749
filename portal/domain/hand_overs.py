"""Handing over everything that somebody has: rows of one page, whom each goes to, and how full the others get."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.people import HandOverKind, Thing

TEAM_ROLES = frozenset({Role.CONTACT_PERSON, Role.MUNICIPAL_ADVISER, Role.PROGRAMME_WORKER})
# Besides the one who leaves: these prepare her leaving without seeing what is in a case.
PREPARE = frozenset({Role.ADMINISTRATOR, Role.SAFETY_OFFICER, Role.PROGRAMME_LEAD})
END = frozenset({Role.ADMINISTRATOR, Role.SAFETY_OFFICER})
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page: a case with all that hangs on it, a group, a referral being read, or the rest."""

    key: str
    kind: HandOverKind
    reference: str
    case_id: int | None
    # The keys of the things, by what they are.
    things: Mapping[Thing, Sequence[int]] = field(default_factory=dict)
    # The case that a referral being read is about: the row is no row of that case.
    read_of: int | None = None

    @property
    def about(self) -> int | None:
        """The case of which whoever has the row knows: nobody gets it who is kept out of that."""
        return self.case_id if self.case_id is not None else self.read_of

    @property
    def count(self) -> int:
        """How many things go along with the case, the group or the referral itself."""
        return sum(count for _what, count in self.counts)

    @property
    def counts(self) -> list[tuple[Thing, int]]:
        """The same by what they are, for the page."""
        own = (Thing.TEAM, Thing.GROUP, Thing.REQUEST)
        return [(what, len(self.things[what])) for what in Thing if what in self.things and what not in own]


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody who could take things over, and how many cases (or dates) she has now."""

    user_id: int
    public_id: str
    membership_id: int
    name: str
    role: Role
    load: int


def successor_roles(role: Role) -> frozenset[Role]:
    """Who takes over from this role: the same, and for case work whoever does case work (R-463).

    Nobody from a volunteer: what she had goes back to the board, and volunteers do not learn of each other.
    """
    if role is Role.VOLUNTEER:
        return frozenset()
    return TEAM_ROLES if role in TEAM_ROLES else frozenset({role})


def may_prepare(actor: Actor, *, user_id: int, organisation_id: int) -> bool:
    """Whether the actor may see and make this hand-over: her own, or as lead, administrator or safety officer there."""
    if actor.organisation_id != organisation_id:
        return False
    return actor.user_id == user_id or actor.role in PREPARE


def propose(
    rows: Sequence[Row],
    successors: Sequence[Successor],
    *,
    deputy: int | None = None,
    beside: Mapping[int, Sequence[int]],
    blocked: Collection[tuple[int, int]] = (),
) -> dict[str, int | None]:
    """Whom each row would go to, by user: the deputy, else who is on the case already, else who has least (R-463).

    `beside` has the others on the team by case. Nobody gets a case that she is kept out of (`blocked`: case, user).
    None where there is nobody.
    """
    load = Counter({one.user_id: one.load for one in successors})
    proposed: dict[str, int | None] = {}
    for row in rows:
        able = [one.user_id for one in successors if (row.about, one.user_id) not in blocked]
        known = [user for user in beside.get(row.case_id or 0, ()) if user in able]
        first = [deputy] if deputy in able else known
        chosen = first[0] if first else min(able, key=lambda user: load[user], default=None)
        proposed[row.key] = chosen
        if chosen is not None and chosen not in known:
            load[chosen] += 1
    return proposed


def loads(
    rows: Sequence[Row],
    successors: Sequence[Successor],
    chosen: Mapping[str, int | None],
    *,
    beside: Mapping[int, Sequence[int]],
) -> dict[int, int]:
    """How much each would have afterwards. A case on whose team she is already weighs nothing new."""
    after = {one.user_id: one.load for one in successors}
    for row in rows:
        user = chosen.get(row.key)
        if user in after and user not in beside.get(row.case_id or 0, ()):
            after[user] += 1
    return after
