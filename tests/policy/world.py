"""A small world for the rules of sight: seven organisations, twenty people, ten cases, every tie by the services.

The same ties are there in every case; then one thing happens to it: protection, a block, closing, erasure.
"""

from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Region, Role
from portal.core.ids import new_public_id
from portal.core.kinds import GrantCategory, PayeeKind, TrackKind
from portal.core.safety import BreakGlassReason
from portal.core.states import CaseState
from portal.db import db
from portal.models.access import BreakGlass, CaseBlock
from portal.models.cases import Case, Consent
from portal.models.clients import Client
from portal.models.grants import Fund
from portal.models.organisations import Organisation
from portal.models.programmes import Offer
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.services import accounts, cases, claims, enrolments, grants, referrals
from tests.factories.grants import make_house
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, agree, make_member, make_organisation
from tests.factories.referrals import make_draft, make_offer, make_ready_case
from tests.factories.tasks import make_task, make_volunteer

CASES = ("ordinary", "level_1", "level_2", "blocked_person", "blocked_house", "closed", "over", "erased", "withdrawn",
         "other")  # fmt: skip


@dataclass
class World:
    """The people by their code in the rules, and the cases by what happened to them."""

    people: dict[str, Membership] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    houses: dict[str, Organisation] = field(default_factory=dict)
    volunteers: dict[str, Volunteer] = field(default_factory=dict)

    def actor(self, code: str) -> Actor:
        """Who acts, by the code."""
        return actor_of(self.people[code])


def build() -> World:
    """The whole world."""
    world = World()
    _houses(world)
    _people(world)
    fund, home, advice = _offers(world)
    for name in CASES[:-1]:
        world.cases[name] = _tie(world, fund, home, advice)
    world.cases["other"] = make_ready_case(make_member(organisation=world.houses["B"])).id
    for name, happens in EVENTS.items():
        happens(world, world.cases[name])
    db.session.flush()
    db.session.expire_all()
    return world


def _houses(world: World) -> None:
    kinds = {
        "A": OrganisationKind.NGO,
        "B": OrganisationKind.SHELTER,
        "C": OrganisationKind.SHELTER,
        "K1": OrganisationKind.MUNICIPALITY,
        "K2": OrganisationKind.MUNICIPALITY,
    }
    world.houses = {name: make_organisation(kind) for name, kind in kinds.items()}


def _people(world: World) -> None:
    given = {
        "CT": (Role.CONTACT_PERSON, "C"),
        "CN": (Role.CONTACT_PERSON, "C"),
        "BG": (Role.CONTACT_PERSON, "C"),
        "RF": (Role.MUNICIPAL_ADVISER, "K1"),
        "RC": (Role.MUNICIPAL_ADVISER, "K1"),
        "XO": (Role.MUNICIPAL_ADVISER, "K2"),
        "IN": (Role.INTAKE, "A"),
        "TT": (Role.HOUSING_COORDINATOR, "A"),
        "TN": (Role.HOUSING_COORDINATOR, "C"),
        "PL": (Role.PROGRAMME_LEAD, "C"),
        "SO": (Role.SAFETY_OFFICER, "C"),
        "DP": (Role.DATA_PROTECTION_OFFICER, "C"),
        "OA": (Role.ADMINISTRATOR, "C"),
        "VC": (Role.VOLUNTEER_COORDINATOR, "A"),
        "VO": (Role.VOLUNTEER, "A"),
        "VW": (Role.VOLUNTEER, "A"),
        "VN": (Role.VOLUNTEER, "A"),
        "BX": (Role.VOLUNTEER, "A"),
    }
    for code, (role, house) in given.items():
        world.people[code] = make_member(role, world.houses[house])
    # One person, two roles: a volunteer in A who works for K2, where he sits on the team of the case.
    both = accounts.add_membership(world.people["BX"].user, world.houses["K2"], Role.MUNICIPAL_ADVISER)
    world.people["BX at K2"] = both
    coordinator = world.actor("VC")
    for code in ("VO", "VW", "VN", "BX"):
        region = Region.NORTH if code == "VN" else Region.CAPITAL
        world.volunteers[code] = make_volunteer(world.people[code], coordinator, region=region)


def _offers(world: World) -> tuple[Fund, Offer, Offer]:
    house = make_house()
    world.people["GO"] = house.officer
    home = make_offer(TrackKind.HOUSING, world.houses["A"])
    return house.fund, home, make_offer(TrackKind.VOLUNTEER_NETWORK, world.houses["A"])


def _tie(world: World, fund: Fund, home: Offer, network: Offer) -> int:
    """One case with everybody around it. Returns its key."""
    now, contact = utc_now(), world.actor("CT")
    case = make_ready_case(world.people["CT"])
    _refer(world, case, network)
    agree(case, world.houses["A"].id)
    course = enrolments.propose(case_id=case.id, offer=home, actor=contact, now=now)
    make_meeting(world.people["TT"], case, enrolment_id=course.id)
    make_meeting(world.people["CT"], case)
    both = world.people["BX at K2"]
    cases.join_team(case.id, both.user_id, actor=actor_of(both), now=now)
    _tasks(world, case)
    _apply(case, fund, contact)
    _emergency(world, case)
    return case.id


def _refer(world: World, case: Case, offer: Offer) -> None:
    now, adviser = utc_now(), world.people["RF"]
    cases.join_team(case.id, adviser.user_id, actor=world.actor("CT"), now=now)
    referrals.send(make_draft(adviser, offer, case=case), actor=actor_of(adviser), now=now)
    cases.leave_team(case.id, adviser.user_id, actor=world.actor("CT"), now=now)


def _tasks(world: World, case: Case) -> None:
    """One task that is open, and one that begins in two hours and has its volunteer."""
    now, coordinator = utc_now(), world.people["VC"]
    make_task(coordinator, case_id=case.id)
    soon = make_task(coordinator, case_id=case.id, ahead=timedelta(hours=2))
    taken = claims.claim(soon, world.volunteers["VW"], actor=world.actor("VW"), now=now)
    claims.confirm(taken, actor=world.actor("VC"), now=now)


def _apply(case: Case, fund: Fund, contact: Actor) -> None:
    now = utc_now()
    application = grants.draft(case_id=case.id, fund=fund, actor=contact, now=now)
    application.fund, application.case = fund, case
    lines = [grants.Line(GrantCategory.BASIC_FURNITURE, 300_000)]
    given = {"lines": lines, "other_support": "ingen", "payee_kind": PayeeKind.SHOP, "account": "1234 0000000000"}
    grants.fill_in(application, **given, actor=contact, now=now)
    grants.submit(application, actor=contact, now=now)


def _emergency(world: World, case: Case) -> None:
    """Written as a row: the quota of three would not let one person open nine."""
    now, member = utc_now(), world.people["BG"]
    opened = BreakGlass(
        public_id=new_public_id(),
        case_id=case.id,
        user_id=member.user_id,
        membership_id=member.id,
        organisation_id=member.organisation_id,
        category=BreakGlassReason.ACUTE_DANGER,
        reason="Hun er i akut fare",
        started_at=now,
        ends_at=now + timedelta(minutes=60),
    )
    db.session.add(opened)


def _protect(level: int) -> object:
    def happens(world: World, case_id: int) -> None:
        of_case = sa.select(Case.client_id).where(Case.id == case_id).scalar_subquery()
        db.session.execute(sa.update(Client).where(Client.id == of_case).values(protection_level=level))

    return happens


def _close(days: int) -> object:
    def happens(world: World, case_id: int) -> None:
        at = utc_now() - timedelta(days=days)
        db.session.execute(sa.update(Case).where(Case.id == case_id).values(state=CaseState.CLOSED, closed_at=at))

    return happens


def _block(world: World, case_id: int, **target: int) -> None:
    given = {"created_at": utc_now(), "created_by_id": world.people["CT"].user_id}
    db.session.add(CaseBlock(public_id=new_public_id(), case_id=case_id, **given, **target))


def _erase(world: World, case_id: int) -> None:
    db.session.execute(sa.update(Case).where(Case.id == case_id).values(erased_at=utc_now()))


def _withdraw(world: World, case_id: int) -> None:
    db.session.execute(sa.update(Consent).where(Consent.case_id == case_id).values(withdrawn_at=utc_now()))


EVENTS = {
    "level_1": _protect(1),
    "level_2": _protect(2),
    "blocked_person": lambda world, case: _block(world, case, user_id=world.people["BX"].user_id),
    "blocked_house": lambda world, case: _block(world, case, organisation_id=world.houses["K2"].id),
    "closed": _close(0),
    "over": _close(31),
    "erased": _erase,
    "withdrawn": _withdraw,
}
