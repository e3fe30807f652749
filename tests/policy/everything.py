"""Fills a world until every table holds a row: what stands nowhere cannot leak, and would prove nothing."""

from dataclasses import dataclass, field
from datetime import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.audit_tags import Audit
from portal.core.enums import Role
from portal.core.kinds import SubjectType, TrackKind
from portal.core.states import EnrolmentState
from portal.db import Base, db
from portal.domain.subject_data import links, reached_from
from portal.models.cases import Case
from portal.models.grants import Fund
from portal.models.organisations import Organisation
from portal.models.programmes import Offer
from portal.models.users import Membership
from portal.services import audit, groups
from tests.factories.housing import Homes, make_unit
from tests.factories.people import actor_of, make_member, make_municipality
from tests.factories.referrals import make_offer
from tests.policy.marks import Marks, Place
from tests.policy.rows import NOW, TODAY, put_row
from tests.policy.world import World

# In whose house each kind of course runs, and which tables hang on it.
COURSES = {
    TrackKind.HOUSING: ("A", {"tenancy"}),
    TrackKind.CTI: ("C", {"cti_course", "phase_plan", "measure", "follow_up", "note", "take_over"}),
    TrackKind.COORDINATING_COUNSELLING: ("C", {"coordinating_counselling"}),
    TrackKind.ENTITLEMENT: ("C", {"hour_entitlement", "hour_entry"}),
    TrackKind.GROUP: ("A", {"attendance"}),
    TrackKind.FURNISHING: ("A", {"furnishing_project", "furnishing_item"}),
    TrackKind.VOLUNTEER_NETWORK: ("A", {"volunteer_match", "task"}),
}
HOME_OF = {table: kind for kind, (_house, tables) in COURSES.items() for table in tables}
# Whoever is not in the small world: every role has somebody.
MORE = {
    "GL": (Role.GROUP_LEADER, "A"),
    "G2": (Role.GROUP_LEADER, "A"),
    "PW": (Role.PROGRAMME_WORKER, "C"),
    "IC": (Role.INTAKE, "C"),
    # To whose house the cases are offered.
    "PB": (Role.PROGRAMME_LEAD, "B"),
    # Kept out of every case that has no other block, and nothing to any of them.
    "ST": (Role.CONTACT_PERSON, "B"),
    "GA": (Role.GRANT_APPROVER, "GO"),
    "GP": (Role.GRANT_PAYER, "GO"),
}
# Made by the services, or never changed by a statement.
MADE = {"client_case", "case_access", "team_member", "client", "audit_event", "enrolment"}
# Nobody's case: one row each, in the house that owns the cases.
HOUSES = [
    "incident", "identity_provider", "account_code", "factor", "kept_form", "reveal_allowance", "retention_setting",
    "hand_over", "hand_over_item", "membership_absence", "organisation_exit", "organisation_return", "departure",
    "erasure", "erasure_proof", "linked_identity", "outgoing_mail", "place_watch", "case_import",
]  # fmt: skip


@dataclass
class Filled:
    """The world with everything in it: more people, and of each row the case that it is about."""

    world: World
    people: dict[str, Membership] = field(default_factory=dict)
    case_of: dict[tuple[str, Any], int] = field(default_factory=dict)
    offers: dict[TrackKind, int] = field(default_factory=dict)
    marks: Marks = field(default_factory=Marks)


def fill(world: World) -> Filled:
    """Put at least one row about every case into every table that leads to a woman, and one into all others."""
    made = Filled(world, dict(world.people))
    make_municipality()
    for code, (role, house) in MORE.items():
        made.people[code] = make_member(role, world.houses.get(house) or _house_of(made, house))
    for kind, (house, _tables) in COURSES.items():
        made.offers[kind] = make_offer(kind, world.houses[house]).id
    ids = _of_the_house(made)
    read_cases(made)
    for case_id in world.cases.values():
        _of_a_case(made, ids, case_id)
    for name in HOUSES:
        ids[name] = put_row(Base.metadata.tables[name], ids)
    db.session.flush()
    read_cases(made)
    return made


def _house_of(made: Filled, code: str) -> Organisation:
    return db.session.get_one(Organisation, made.people[code].organisation_id)


def read_cases(made: Filled) -> None:
    """Note of every row about which case it is, by following its links to a woman."""
    made.case_of = {("client", key): case for case, key in db.session.execute(sa.select(Case.id, Case.client_id))}
    made.case_of |= {("client_case", case): case for case in db.session.scalars(sa.select(Case.id))}
    known = {"client", "client_case"}
    for table in reached_from("client"):
        if table.name in known:
            continue
        found = links(table, known)
        for row in db.session.execute(sa.select(*(table.c[name] for name, _to in found), *_keys(table))):
            ways = (made.case_of.get((to, getattr(row, name))) for name, to in found)
            case = next((way for way in ways if way is not None), None)
            if case is not None:
                made.case_of[table.name, key_of(table, row)] = case
        known.add(table.name)


def key_of(table: sa.Table, row: Any) -> Any:
    """The key of a row: its id, or all that it is made of."""
    names = [column.name for column in table.primary_key.columns]
    return getattr(row, names[0]) if len(names) == 1 else tuple(getattr(row, name) for name in names)


def _keys(table: sa.Table) -> list[sa.Column[Any]]:
    linked = {name for name, _to in links(table, {one.name for one in reached_from("client")})}
    return [column for column in table.primary_key.columns if column.name not in linked]


def _of_the_house(made: Filled) -> dict[str, Any]:
    """The rows that others point to, of the centre that owns the cases."""
    world, contact = made.world, made.people["CT"]
    mine = {"user_account": contact.user_id, "organisation": contact.organisation_id}
    return {
        "activity": put_row(Base.metadata.tables["activity"], mine),
        "user_account": contact.user_id,
        "stranger": made.people["ST"].user_id,
        "membership": contact.id,
        "organisation": contact.organisation_id,
        "offer": made.offers[TrackKind.HOUSING],
        "municipality": "751",
        "deputy_id": made.people["CN"].id,
        "to_organisation_id": world.houses["B"].id,
        "volunteer": world.volunteers["VW"].id,
        "fund": db.session.scalar(sa.select(Fund.id)),
        "group_round": _round(made),
    }


def _round(made: Filled) -> int:
    leaders = tuple(made.people[code].user_id for code in ("GL", "G2"))
    new = groups.NewRound("Efterår", TODAY, time(9), 120, 3, 7, 1, 20, leaders)
    offer = db.session.get_one(
        Offer, made.offers[TrackKind.GROUP], options=[joinedload(Offer.programme)], populate_existing=True
    )
    return groups.plan_round(offer, new, actor=actor_of(made.people["GL"]), now=NOW).id


def _of_a_case(made: Filled, house: dict[str, Any], case_id: int) -> None:
    case = db.session.get_one(Case, case_id)
    here = {(table, case): key for (table, key), case in made.case_of.items()}
    ids = house | {table: key for (table, of), key in here.items() if of == case_id}
    if case.owner_organisation_id == ids["to_organisation_id"]:
        ids["to_organisation_id"] = house["organisation"]
    ids |= {"organisation": case.owner_organisation_id, "client": case.client_id, "client_case": case_id}
    homes = Homes(db.session.get_one(Offer, made.offers[TrackKind.HOUSING]), made.people["TT"], made.people["CT"])
    ids["housing_unit"] = make_unit(homes, case_id).id
    courses = _courses(made, ids, case_id)
    for table in reached_from("client"):
        if table.name in MADE or (table.name, case_id) in here:
            continue
        ids["enrolment"] = courses[HOME_OF.get(table.name, TrackKind.HOUSING)]
        # A colleague at the house of the course is asked; she is nothing to the case.
        asked = {"to_id": made.people["PW"].user_id} if table.name == "take_over" else {}
        key = put_row(table, ids, **asked)
        if key is not None:
            ids[table.name] = key
    _looked(made, case_id)


def _courses(made: Filled, ids: dict[str, Any], case_id: int) -> dict[TrackKind, int]:
    """A running course of every kind, each in its house."""
    found = {}
    for kind, (house, _tables) in COURSES.items():
        organisation = made.world.houses[house].id
        values = {"offer": made.offers[kind], "organisation": organisation, "track_request": None}
        given = {"kind": kind, "state": EnrolmentState.ACTIVE, "started_on": TODAY}
        given |= {"round_id": ids["group_round"]} if kind is TrackKind.GROUP else {}
        found[kind] = put_row(Base.metadata.tables["enrolment"], ids | values, **given)
    return found


def _looked(made: Filled, case_id: int) -> None:
    """A line of the trail with a reason, as a disclosure leaves it. It bears its mark at once: nothing changes it."""
    actor = made.world.actor("CT")
    about = {"case_id": case_id, "actor": actor, "now": NOW}
    mark = made.marks.put(made.marks.new(), Place("audit_event", "reason", None, case_id))
    audit.record(Audit.ADDRESS_REVEALED, SubjectType.CASE, None, reason=mark, **about)
