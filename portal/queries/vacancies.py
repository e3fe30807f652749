"""What has room now and soon: offers, homes and centres' own rooms in one list, and who watches for a place.

Of where anything is, nothing but the region of its organisation comes out (R-695).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.enums import OrganisationKind, Region
from portal.core.errors import NotFound
from portal.core.kinds import TrackKind
from portal.db import db
from portal.domain.vacancies import ROOMS, Room, Wanted, fresh_from
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme
from portal.models.vacancies import Place, PlaceOpening, PlaceStandard, PlaceWatch
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.programmes import rounds_of_offer

ORDER = {room: number for number, room in enumerate(Room)}


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place as the board shows it. `free` is None when there is no fixed number."""

    key: str
    offer_id: int | None
    public_id: str
    programme_public_id: str | None
    name_da: str | None
    name_en: str | None
    organisation: str
    organisation_id: int
    kind: str
    region: Region
    room: Room
    free: int | None
    waiting: int
    soon_on: date | None
    most_children: int | None
    oldest_child: int | None
    is_accessible: bool | None
    languages: Sequence[str]
    told_at: datetime | None
    # Whom one calls at night: a centre's own number, where it publishes one.
    duty_phone: str | None


@dataclass(frozen=True, slots=True)
class Band:
    """Between how many and how many weeks those waited who were taken in."""

    low: int
    high: int


def _soon(room: Any, homes: Any, today: date) -> Any:
    days = (homes.c.next_on, room.c.opening)
    return sa.func.least(*(sa.case((day >= today, day)) for day in days))


def _state(free: Any, soon: Any) -> Any:
    no_room = sa.case((soon.is_not(None), Room.SOON.value), else_=Room.WAITING.value)
    has_room = sa.or_(free.is_(None), free > 0)
    return sa.case((Offer.is_accepting.is_(False), Room.CLOSED.value), (has_room, Room.NOW.value), else_=no_room)


def _counted() -> tuple[Any, Any]:
    columns = (sa.column(name, sa.BigInteger) for name in ("taken", "held", "waiting"))
    room = sa.func.bro_room(Offer.id).table_valued(*columns, sa.column("opening", sa.Date)).lateral("room")
    many = [sa.column(name, sa.BigInteger) for name in ("homes", "ready", "children")]
    homes = sa.func.bro_homes(Offer.id).table_valued(*many, sa.column("next_on", sa.Date)).lateral("homes")
    return room, homes


def _offers(today: date) -> sa.Select[*tuple[Any, ...]]:
    (room, homes), rounds = _counted(), rounds_of_offer()
    free = sa.case(
        (homes.c.homes > 0, sa.func.greatest(homes.c.ready - room.c.held, 0)),
        (Offer.capacity.is_not(None), sa.func.greatest(Offer.capacity - room.c.taken - room.c.held, 0)),
        (rounds.c.seats.is_not(None), sa.func.greatest(rounds.c.seats - room.c.held, 0)),
    )
    soon = _soon(room, homes, today)
    state = _state(free, soon)
    return (
        sa.select(
            sa.func.concat("o", Offer.id).label("key"),
            Offer.id.label("offer_id"),
            Offer.public_id.label("public_id"),
            Programme.public_id.label("programme_public_id"),
            Programme.name_da,
            Programme.name_en,
            Organisation.name.label("organisation"),
            Organisation.id.label("organisation_id"),
            sa.cast(Programme.kind, sa.Text).label("kind"),
            Organisation.region,
            state.label("room"),
            sa.cast(free, sa.BigInteger).label("free"),
            room.c.waiting,
            soon.label("soon_on"),
            sa.cast(sa.func.coalesce(Place.most_children, homes.c.children), sa.BigInteger).label("most_children"),
            Place.oldest_child,
            Place.is_accessible,
            Place.languages,
            sa.cast(sa.null(), sa.DateTime(timezone=True)).label("told_at"),
            sa.cast(sa.null(), sa.Text).label("duty_phone"),
        )
        .join(Programme, Programme.id == Offer.programme_id)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .outerjoin(Place, Place.offer_id == Offer.id)
        .join(room, sa.true())
        .join(homes, sa.true())
        .join(rounds, sa.true())
        .where(Organisation.is_active, Programme.kind != TrackKind.GRANT)
    )


def _rooms(now: datetime) -> sa.Select[*tuple[Any, ...]]:
    nothing = sa.cast(sa.null(), sa.Text)
    state = sa.case(
        (Place.told_at < fresh_from(now), Room.ASK.value),
        (Place.rooms == 0, Room.WAITING.value),
        (Place.free_on > local_date(now), Room.SOON.value),
        else_=Room.NOW.value,
    )
    return (
        sa.select(
            sa.func.concat("r", Place.id),
            sa.cast(sa.null(), sa.BigInteger),
            Place.public_id,
            nothing,
            nothing,
            nothing,
            Organisation.name,
            Organisation.id,
            sa.literal(ROOMS),
            Organisation.region,
            state,
            sa.cast(Place.rooms, sa.BigInteger),
            sa.literal(0, sa.BigInteger),
            Place.free_on,
            sa.cast(Place.most_children, sa.BigInteger),
            Place.oldest_child,
            Place.is_accessible,
            Place.languages,
            Place.told_at,
            Place.duty_phone,
        )
        .join(Organisation, Organisation.id == Place.organisation_id)
        .where(Place.offer_id.is_(None), Organisation.is_active, Organisation.kind == OrganisationKind.SHELTER)
    )


def _places(now: datetime) -> Any:
    return sa.union_all(_offers(local_date(now)), _rooms(now)).cte("places")


def _fits(place: Any, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """What somebody looks for. A place that has not said whether it fits is shown: one asks (R-697)."""
    found: list[sa.ColumnElement[bool]] = []
    if wanted.kind is not None:
        found.append(place.c.kind == wanted.kind)
    if wanted.region is not None:
        found.append(place.c.region == wanted.region)
    if wanted.children:
        found.append(sa.func.coalesce(place.c.most_children, wanted.children) >= wanted.children)
    if wanted.age is not None:
        found.append(sa.func.coalesce(place.c.oldest_child, wanted.age) >= wanted.age)
    if wanted.accessible:
        found.append(place.c.is_accessible.is_not(False))
    if wanted.language is not None:
        said = sa.func.coalesce(sa.func.cardinality(place.c.languages), 0) > 0
        found.append(sa.or_(~said, sa.literal(wanted.language.value) == sa.any_(place.c.languages)))
    if wanted.room is not None:
        found.append(place.c.room == wanted.room.value)
    return found


def list_places(
    wanted: Wanted, *, now: datetime, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[PlaceRow], str | None]:
    """What has room and fits, room now first, and the cursor of the next page. One statement. Raises ValueError."""
    place = _places(now)
    rank = sa.case(*((place.c.room == room.value, number) for room, number in ORDER.items()))
    name = sa.func.coalesce(place.c.name_da, "")
    statement = sa.select(place, rank.label("rank"), name.label("sort_name")).where(*_fits(place, wanted))
    if after:
        seen = sa.tuple_(*(sa.literal(value) for value in decode(after, int, str, str)))
        statement = statement.where(sa.tuple_(rank, name, place.c.key) > seen)
    rows = db.session.execute(statement.order_by(rank, name, place.c.key).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return [_row(row) for row in rows[:limit]], encode(last.rank, last.sort_name, last.key) if last else None


def _row(row: Any) -> PlaceRow:
    values = {**row._mapping, "room": Room(row.room), "languages": row.languages or (), "region": Region(row.region)}
    return PlaceRow(**{name: values[name] for name in PlaceRow.__slots__})


def wait_bands(offer_ids: Collection[int]) -> dict[int, Band]:
    """How long those waited who were taken in, by offer; none of fewer than five. One statement."""
    if not offer_ids:
        return {}
    columns = (sa.column("low", sa.Integer), sa.column("high", sa.Integer))
    waits = sa.func.bro_waits(Offer.id).table_valued(*columns).lateral("waits")
    rows = db.session.execute(
        sa.select(Offer.id, waits.c.low, waits.c.high)
        .join(waits, sa.true())
        .where(Offer.id.in_(offer_ids), waits.c.low.is_not(None))
    )
    return {row.id: Band(row.low, row.high) for row in rows}


def find_rooms(actor: Actor) -> Place | None:
    """What the actor's own centre has said of its rooms; None when it has said nothing. NotFound where it is none."""
    if not has_rooms(actor):
        raise NotFound
    return db.session.scalar(
        sa.select(Place).where(Place.organisation_id == actor.organisation_id, Place.offer_id.is_(None))
    )


def has_rooms(actor: Actor) -> bool:
    """Whether the actor's house is a centre with rooms of its own."""
    return db.session.get_one(Organisation, actor.organisation_id).kind is OrganisationKind.SHELTER


def find_facts(offer: Offer) -> Place | None:
    """What an offer says of whom it can take."""
    return db.session.scalar(sa.select(Place).where(Place.offer_id == offer.id))


def standard_of(actor: Actor) -> dict[str, Any]:
    """The view of the board that the actor has chosen as hers; empty for none."""
    return dict(db.session.scalar(sa.select(PlaceStandard.wanted).where(PlaceStandard.user_id == actor.user_id)) or {})


def list_watches(actor: Actor, *, today: date) -> list[PlaceWatch]:
    """What the actor watches for, the newest first."""
    return list(
        db.session.scalars(
            sa.select(PlaceWatch)
            .where(PlaceWatch.user_id == actor.user_id, PlaceWatch.ended_at.is_(None), PlaceWatch.ends_on >= today)
            .order_by(PlaceWatch.id.desc())
            .limit(PAGE_SIZE)
        )
    )


def get_watch(actor: Actor, public_id: str) -> PlaceWatch:
    """One's own watch. Raises NotFound for somebody else's."""
    found = db.session.scalar(
        sa.select(PlaceWatch).where(PlaceWatch.public_id == public_id, PlaceWatch.user_id == actor.user_id)
    )
    if found is None:
        raise NotFound
    return found


def list_turned(*, now: datetime) -> list[tuple[int, int | None, str | None, bool]]:
    """Places that opened or closed since somebody looked: organisation, offer, programme, whether there is room now."""
    place = _places(now)
    is_open = place.c.room == Room.NOW.value
    known = sa.exists().where(
        PlaceOpening.closed_at.is_(None),
        PlaceOpening.organisation_id == place.c.organisation_id,
        PlaceOpening.offer_id.is_not_distinct_from(place.c.offer_id),
    )
    rows = db.session.execute(
        sa.select(place.c.organisation_id, place.c.offer_id, place.c.programme_public_id, is_open)
        .where(is_open != known)
        .order_by(place.c.key)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def list_live_watches(today: date, *, before: datetime) -> list[PlaceWatch]:
    """Every watch that runs and was set before that moment. For scheduled work."""
    return list(
        db.session.scalars(
            sa.select(PlaceWatch)
            .where(PlaceWatch.ended_at.is_(None), PlaceWatch.ends_on >= today, PlaceWatch.set_at <= before)
            .order_by(PlaceWatch.id)
        )
    )


def fits(organisation_id: int, offer_id: int | None, wanted: Wanted, *, now: datetime) -> bool:
    """Whether one place is what somebody looks for: the same conditions as the board's."""
    place = _places(now)
    here = (place.c.organisation_id == organisation_id, place.c.offer_id.is_not_distinct_from(offer_id))
    return bool(db.session.scalar(sa.select(sa.exists().where(*here, *_fits(place, wanted)))))
