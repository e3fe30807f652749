"""Who there is: municipalities, centres and associations that do not exist, what they give, and who works there."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from portal.core.actor import SYSTEM
from portal.core.enums import OrganisationKind, Region, Role
from portal.core.ids import new_public_id
from portal.core.kinds import TrackKind
from portal.db import db
from portal.demo.national import names
from portal.demo.national.episodes import DAYS, Episode
from portal.demo.national.lots import parts
from portal.demo.national.rooms import Centre
from portal.demo.national.sizes import ASSOCIATIONS, MUNICIPALITIES, Size
from portal.demo.national.staff import Desk, Hiring
from portal.models.organisations import Municipality, Organisation
from portal.models.programmes import Offer, Programme
from portal.services import organisations
from portal.services.reference import OWN_COLUMNS, list_programmes

# Open cases that one contact person has; an adviser of a municipality has as many.
CASELOAD = 28
PROVIDER = "opdigt"
# Each association gives two kinds; the third gives talks and groups, and so on in turn.
GIVES = (
    (TrackKind.VOLUNTEER_NETWORK, TrackKind.FURNISHING),
    (TrackKind.CTI, TrackKind.TRANSITION_SUPPORT),
    (TrackKind.GROUP, TrackKind.INDIVIDUAL_COUNSELLING),
)
PLACES = {TrackKind.CTI: 40, TrackKind.TRANSITION_SUPPORT: 25, TrackKind.FURNISHING: 30}
WORKERS = {
    **dict.fromkeys(GIVES[0], Role.VOLUNTEER_COORDINATOR),
    **dict.fromkeys(GIVES[1], Role.PROGRAMME_WORKER),
    TrackKind.GROUP: Role.GROUP_LEADER,
    TrackKind.INDIVIDUAL_COUNSELLING: Role.PROGRAMME_WORKER,
}


@dataclass(slots=True)
class House:
    """An organisation with its desks and offers."""

    id: int
    organisation: Organisation
    region: str
    workers: list[Desk]
    lead: Desk
    intake: Desk | None = None
    offers: dict[TrackKind, Offer] = field(default_factory=dict)
    by_kind: dict[TrackKind, Desk] = field(default_factory=dict)
    code: str = ""


@dataclass(slots=True)
class Country:
    """Everything that stands when the first woman comes."""

    centres: list[House]
    municipalities: list[House]
    associations: list[House]
    programmes: dict[TrackKind, Programme]


def build(
    random: Random, size: Size, rooms: Sequence[Centre], episodes: Sequence[Episode], *, today: date, now: datetime
) -> Country:
    """Found everything, hire everybody. `episodes` say how much work there is."""
    hiring = Hiring(random, today - timedelta(days=DAYS + 30), today)
    programmes = _programmes()
    loads = Counter(one.centre for one in episodes if one.closed > today)
    municipalities = _municipalities(size)
    place_municipalities(random, episodes, [one.region.value for one in municipalities])
    theirs = Counter(one.municipality for one in episodes if one.is_accepted and one.left <= today < one.closed)
    country = Country([], [], [], programmes)
    for room in rooms:
        country.centres.append(_centre(room, _desks(loads[room.number]), hiring, now))
    for number, area in enumerate(municipalities):
        country.municipalities.append(_municipality(number, area, _desks(theirs[number]), hiring, programmes, now))
    for number in range(size.part_of(ASSOCIATIONS, least=len(GIVES))):
        country.associations.append(_association(number, hiring, programmes, now))
    db.session.flush()
    return country


def _desks(load: int) -> int:
    return max(1, math.ceil(load / CASELOAD))


def _programmes() -> dict[TrackKind, Programme]:
    """One of each kind that is needed, by the rules of the project's file, under a name of nobody's."""
    found: dict[TrackKind, Programme] = {}
    wanted = {kind for kinds in GIVES for kind in kinds} | {TrackKind.COORDINATING_COUNSELLING}
    for row in list_programmes():
        kind = TrackKind(row["kind"])
        if kind not in wanted or kind in found:
            continue
        rules: dict[str, Any] = {name: value for name, value in row.items() if name not in OWN_COLUMNS}
        named = names.PROGRAMMES[kind.value]
        found[kind] = Programme(
            public_id=new_public_id(),
            key=f"national-{kind.value}",
            name_da=named[0],
            name_en=named[1],
            provider=PROVIDER,
            kind=kind,
            summary_da=f"{named[0]} (opdigtet).",
            summary_en=f"{named[1]} (invented).",
            rules=rules,
        )
    db.session.add_all(found.values())
    db.session.flush()
    return found


def _municipalities(size: Size) -> list[Municipality]:
    count = size.part_of(MUNICIPALITIES, least=len(names.REGIONS))
    shares = [max(1, part) for part in parts(count, [percent for _, percent in names.REGIONS])]
    regions = [region for (region, _), many in zip(names.REGIONS, shares, strict=True) for _ in range(many)]
    found = [
        Municipality(code=names.municipality_code(number), name=names.municipality(number), region=region)
        for number, region in enumerate(regions)
    ]
    db.session.add_all(found)
    db.session.flush()
    return found


def place_municipalities(random: Random, episodes: Sequence[Episode], regions: Sequence[str]) -> None:
    """Give every woman a municipality of her region."""
    by_region: dict[str, list[int]] = {}
    for number, region in enumerate(regions):
        by_region.setdefault(region, []).append(number)
    for episode in episodes:
        episode.municipality = random.choice(by_region[episode.region])


def _centre(room: Centre, desks: int, hiring: Hiring, now: datetime) -> House:
    # Some are run by a municipality, and may keep CPR numbers.
    organisation = organisations.found(
        names.centre(room.number),
        OrganisationKind.SHELTER,
        Region(room.region),
        may_hold_cpr=room.number % 5 == 0,
        actor=SYSTEM,
        now=now,
    )
    return House(
        organisation.id,
        organisation,
        room.region,
        hiring.desks(organisation, Role.CONTACT_PERSON, desks),
        hiring.desk(organisation, Role.PROGRAMME_LEAD, is_steady=True),
    )


def _municipality(
    number: int, area: Municipality, desks: int, hiring: Hiring, programmes: dict[TrackKind, Programme], now: datetime
) -> House:
    organisation = organisations.found(
        area.name,
        OrganisationKind.MUNICIPALITY,
        area.region,
        municipality_code=area.code,
        may_hold_cpr=True,
        actor=SYSTEM,
        now=now,
    )
    house = House(
        organisation.id,
        organisation,
        area.region.value,
        hiring.desks(organisation, Role.MUNICIPAL_ADVISER, desks),
        hiring.desk(organisation, Role.PROGRAMME_LEAD, is_steady=True),
        code=area.code,
    )
    _open(house, TrackKind.COORDINATING_COUNSELLING, programmes, now)
    return house


def _association(number: int, hiring: Hiring, programmes: dict[TrackKind, Programme], now: datetime) -> House:
    region = names.REGIONS[number % len(names.REGIONS)][0]
    organisation = organisations.found(names.association(number), OrganisationKind.NGO, region, actor=SYSTEM, now=now)
    kinds = GIVES[number % len(GIVES)]
    house = House(
        organisation.id,
        organisation,
        region.value,
        [],
        hiring.desk(organisation, Role.PROGRAMME_LEAD, is_steady=True),
        intake=hiring.desk(organisation, Role.INTAKE),
    )
    desks: dict[Role, Desk] = {}
    for kind in kinds:
        role = WORKERS[kind]
        if role not in desks:
            desks[role] = hiring.desk(organisation, role)
        house.by_kind[kind] = desks[role]
        _open(house, kind, programmes, now)
    house.workers = list(desks.values())
    return house


def _open(house: House, kind: TrackKind, programmes: dict[TrackKind, Programme], now: datetime) -> None:
    key = programmes[kind].key
    house.offers[kind] = organisations.open_offer(
        house.organisation, key, capacity=PLACES.get(kind), actor=SYSTEM, now=now
    )
