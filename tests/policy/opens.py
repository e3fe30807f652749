"""What the policy opens for one person: the question that every found mark is held against."""

from functools import cache
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Permission, Role
from portal.db import Base, db
from portal.domain import registry
from portal.domain.cases import Lens, lens
from portal.domain.disclosure import FieldGroup, Relation, opens
from portal.domain.hand_overs import PREPARE
from portal.domain.modifiers import ORDINARY, Circumstances
from portal.domain.permissions import can
from portal.domain.relations import OF_THE_OWNER, relation
from portal.models.access import CaseBlock
from portal.models.audit import AuditEvent
from portal.models.cases import Case, TeamMember
from portal.models.clients import Client
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.meetings import Meeting
from portal.models.take_overs import TakeOver
from portal.models.transfers import CaseTransfer
from portal.models.users import Membership
from portal.queries.barriers import barred_cases, consented, has_follow_up
from portal.queries.ties import ties_of
from tests.factories.people import actor_of
from tests.policy.everything import Filled
from tests.policy.marks import Place

# What the clauses have seen to when they gave the relation, so that the widest answer is asked for here.
BY_THE_RELATION = (
    "is_in_window",
    "needs_address",
    "involves_children",
    "is_own_track",
    "is_approved",
    "is_accompanied",
)
STRANGERS = frozenset({Relation.XO, Relation.BX, Relation.VN, Relation.CN, Relation.TN})
# Furnishing is the coordinator's own track; the column VC of the table speaks of the pool of tasks.
OWN_TRACK_OF_THE_POOL = ("furnishing_project", "furnishing_item")
KNOW_VOLUNTEERS = frozenset(
    {Role.VOLUNTEER_COORDINATOR, Role.ADMINISTRATOR, Role.SAFETY_OFFICER, Role.DATA_PROTECTION_OFFICER}
)


class Sight:
    """The relation of one role to every case, and the lens that it gives."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.seen = cache(self._seen)

    def _seen(self, case_id: int) -> Lens:
        found = relation(self.actor.role, ties_of(self.actor, case_id))
        given, is_owner = circumstances(case_id, self.actor)
        return lens(found, self.actor.role, is_owner=is_owner, case=given)


class Names:
    """Who learns whose name. Staff are no secret to each other, volunteers are one to all but those who lead them."""

    def __init__(self, made: Filled) -> None:
        self.world, self.cases = made.world, list(made.world.cases.values())
        self.roles: dict[int, list[Membership]] = {}
        for member in db.session.scalars(sa.select(Membership)):
            self.roles.setdefault(member.user_id, []).append(member)
        self.works_on = cache(self._works_on)
        blocks = sa.select(CaseBlock.user_id, CaseBlock.case_id).where(CaseBlock.user_id.is_not(None))
        self.blocked = [(user, case) for user, case in db.session.execute(blocks)]

    def _works_on(self, member_id: int) -> frozenset[int]:
        sight = Sight(actor_of(db.session.get_one(Membership, member_id)))
        return frozenset(case for case in self.cases if sight.seen(case).relation not in STRANGERS)

    def are_known(self, sight: Sight, user_id: int) -> bool:
        """Whether this person may read that name: her own, a colleague's, of somebody beside her in a case."""
        actor = sight.actor
        if user_id == actor.user_id:
            return True
        if any(user == user_id and sight.seen(case).shows(FieldGroup.BLOCK_LIST) for user, case in self.blocked):
            return True
        return any(self._through(actor, role) for role in self.roles[user_id])

    def _through(self, actor: Actor, other: Membership) -> bool:
        is_house = other.organisation_id == actor.organisation_id
        if other.role is Role.VOLUNTEER:
            return is_house and actor.role in KNOW_VOLUNTEERS
        if actor.role is Role.VOLUNTEER:
            return False
        return is_house or bool(self.works_on(other.id) & self.works_on(actor.membership_id or 0))


class Opened:
    """Everything that is open to one person."""

    def __init__(self, code: str, made: Filled, names: Names) -> None:
        self.sight = Sight(actor_of(made.people[code]))
        self.actor, self.names = self.sight.actor, names
        offered = sa.select(CaseTransfer.case_id).where(CaseTransfer.to_organisation_id == self.actor.organisation_id)
        barred = barred_cases(self.actor.user_id)
        self.open_offers = set(db.session.scalars(offered.where(CaseTransfer.case_id.not_in(barred))))
        asked = sa.select(TakeOver.case_id).where(TakeOver.to_id == self.actor.user_id)
        self.asked_of = set(db.session.scalars(asked.where(TakeOver.case_id.not_in(barred))))
        self.handed_over: set[int] = set()
        for one in (TeamMember, Enrolment, Meeting, Deadline, FollowUp):
            ours = sa.select(one.case_id).where(one.organisation_id == self.actor.organisation_id)
            self.handed_over |= set(db.session.scalars(ours.where(one.case_id.not_in(barred))))
        written = sa.select(AuditEvent.case_id).where(AuditEvent.organisation_id == self.actor.organisation_id)
        self.in_the_trail = set(db.session.scalars(written)) if can(self.actor, Permission.AUDIT_VIEW) else set()

    def shows(self, place: Place) -> bool:
        """Whether a value may be seen: by the table of the policy, or because it is her own, or a colleague's name."""
        if place.case_id is not None:
            return self._of_a_case(place, place.case_id)
        if place.table == "user_account":
            return self._of_an_account(place)
        if place.table in ("kept_form", "factor"):
            return place.column != "secret" and read(place, "user_id") == self.actor.user_id
        if place.table == "meeting":
            # A meeting of a group is about nobody.
            return can(self.actor, Permission.GROUP_VIEW) or can(self.actor, Permission.MEETING_VIEW)
        return self._of_the_house(place)

    def reveals(self, place: Place) -> bool:
        """Whether a value may be seen once it has been asked for by itself."""
        seen = self.sight.seen(place.case_id) if place.case_id is not None else None
        groups = registry.field(place.table, place.column).groups
        if place.table == "housing_unit" and place.case_id is None:
            # A home that stands empty is nobody's: it opens for those of its house who give homes.
            is_house = read(place, "organisation_id") == self.actor.organisation_id
            return is_house and can(self.actor, Permission.ADDRESS_REVEAL)
        return self.shows(place) or bool(seen and any(seen.may_reveal(group) for group in groups))

    def _of_a_case(self, place: Place, case_id: int) -> bool:
        seen, groups = self.sight.seen(case_id), registry.field(place.table, place.column).groups
        if place.table == "client_case":
            return self._of_a_reference(place, seen)
        if any(seen.shows(group) for group in groups):
            return True
        if place.table == "case_transfer" and can(self.actor, Permission.TRANSFER_ANSWER):
            # The house that a case is offered to reads the paragraph before it answers, unless it is kept out.
            return place.case_id in self.open_offers
        if place.table == "take_over":
            # She reads what was written for her before she says yes, unless she is kept out.
            return place.case_id in self.asked_of
        if place.table == "meeting" and place.column != "place":
            # Own words: whoever holds the meeting wrote them.
            return bool(seen.relation is Relation.TT and read(place, "responsible_id") == self.actor.user_id)
        if place.table == "rights_request":
            # Her register of what was asked; that an erasure leaves no text in it is held by its own tests.
            return seen.relation is Relation.DP
        return seen.relation is Relation.VC and place.table in OWN_TRACK_OF_THE_POOL

    def _of_a_reference(self, place: Place, seen: Lens) -> bool:
        is_for_leads = place.column == "lead_reference"
        if is_for_leads and can(self.actor, Permission.TRANSFER_ANSWER) and place.case_id in self.open_offers:
            return True
        if is_for_leads and place.case_id in self.asked_of:
            return True
        if is_for_leads and self.actor.role in PREPARE and place.case_id in self.handed_over:
            return True
        if not is_for_leads and place.case_id in self.in_the_trail:
            # A line of her own house's trail names the case that it is about.
            return True
        # A lead knows the case by its other name, which leads nowhere.
        return seen.shows(FieldGroup.CASE_REF) and (is_for_leads or seen.relation is not Relation.PL)

    def _of_an_account(self, place: Place) -> bool:
        if place.column == "name":
            return self.names.are_known(self.sight, place.key)
        houses = {role.organisation_id for role in self.names.roles[place.key]}
        is_own = place.key == self.actor.user_id
        return is_own or (self.actor.organisation_id in houses and self._leads(FieldGroup.USER_MEMBERSHIP))

    def _of_the_house(self, place: Place) -> bool:
        table = Base.metadata.tables[place.table]
        if "organisation_id" not in table.c or place.table in ("housing_unit", "identity_provider"):
            return False
        groups = registry.field(place.table, place.column).groups
        is_house = read(place, "organisation_id") == self.actor.organisation_id
        return is_house and any(self._leads(group) for group in groups)

    def _leads(self, group: FieldGroup) -> bool:
        found = OF_THE_OWNER.get(self.actor.role)
        return found is not None and opens(group, found)


def read(place: Place, column: str) -> Any:
    """Another column of the row in which a mark stands."""
    table = Base.metadata.tables[place.table]
    return db.session.scalar(sa.select(table.c[column]).where(next(iter(table.primary_key.columns)) == place.key))


def circumstances(case_id: int, actor: Actor) -> tuple[Circumstances, bool]:
    """A case as the modifiers ask about it, from its row, and whether it is of the actor's own house."""
    row = db.session.execute(
        sa.select(
            Case.erased_at,
            Client.protection_level,
            sa.func.date_part("day", sa.func.now() - Case.closed_at),
            consented(Case.id, actor.organisation_id),
            has_follow_up(),
            Case.owner_organisation_id == actor.organisation_id,
        )
        .join(Client, Client.id == Case.client_id)
        .where(Case.id == case_id)
    ).one()
    given = Circumstances(
        is_erased=row[0] is not None,
        protection_level=row[1],
        days_closed=None if row[2] is None else int(row[2]),
        has_consent=row[3],
        has_follow_up=row[4],
        **{name: getattr(ORDINARY, name) for name in BY_THE_RELATION},
    )
    return given, row[5]
