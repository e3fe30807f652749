"""Offers with their room: how many places, how many are taken, who waits, and when the next one opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.kinds import TrackKind
from portal.core.states import RoundState
from portal.db import db
from portal.models.groups import GroupRound
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme
from portal.queries.visibility import TRACK_ROLES

MOST = 200
TAKING_IN = (RoundState.PLANNED, RoundState.ENROLLING, RoundState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer as a list shows it. `free` is None when there is no fixed number of places."""

    id: int
    public_id: str
    programme_public_id: str
    key: str
    name_da: str
    name_en: str
    summary_da: str
    summary_en: str
    provider: str
    kind: TrackKind
    rules: Mapping[str, Any]
    organisation_id: int
    organisation: str
    municipality_code: str | None
    capacity: int | None
    free: int | None
    waiting: int
    next_opening_on: date | None
    starts_on: date | None
    is_accepting: bool
    is_own: bool
    version: int


def _room(offer_id: Any) -> Any:
    """Live courses, held places, who waits and the next opening of an offer, over cases that the reader never sees.

    The database counts behind the second wall: only the numbers come out (R-512).
    """
    columns = (sa.column("taken", sa.BigInteger), sa.column("held", sa.BigInteger), sa.column("waiting", sa.BigInteger))
    return sa.func.bro_room(offer_id).table_valued(*columns, sa.column("opening", sa.Date))


def rounds_of_offer() -> Any:
    """One row beside an offer: when the first of its rounds that take in starts, and how many seats they have left."""
    starts_on = sa.func.min(GroupRound.starts_on).label("starts_on")
    seats = sa.func.sum(GroupRound.places_max - GroupRound.taken).label("seats")
    of_offer = sa.select(starts_on, seats).where(GroupRound.offer_id == Offer.id, GroupRound.state.in_(TAKING_IN))
    return of_offer.correlate(Offer).lateral("rounds")


def _rows() -> sa.Select[*tuple[Any, ...]]:
    room, rounds = _room(Offer.id).lateral("room"), rounds_of_offer()
    return (
        sa.select(
            Offer.id,
            Offer.public_id,
            Programme.public_id.label("programme_public_id"),
            Programme.key,
            Programme.name_da,
            Programme.name_en,
            Programme.summary_da,
            Programme.summary_en,
            Programme.provider,
            Programme.kind,
            Programme.rules,
            Offer.organisation_id,
            Organisation.name.label("organisation"),
            Organisation.municipality_code,
            Offer.capacity,
            Offer.is_accepting,
            Offer.version,
            *room.c,
            rounds.c.starts_on,
            rounds.c.seats,
        )
        .join(Programme, Programme.id == Offer.programme_id)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .join(room, sa.true())
        .join(rounds, sa.true())
        .where(Organisation.is_active, Programme.retired_on.is_(None))
    )


def _row(actor: Actor, row: Any) -> OfferRow:
    capacity = row.capacity
    free = None if capacity is None else max(capacity - row.taken - row.held, 0)
    if capacity is None and row.seats is not None:
        free = max(int(row.seats) - row.held, 0)
    own_kind = TRACK_ROLES.get(actor.role)
    return OfferRow(
        row.id,
        row.public_id,
        row.programme_public_id,
        row.key,
        row.name_da,
        row.name_en,
        row.summary_da,
        row.summary_en,
        row.provider,
        row.kind,
        row.rules,
        row.organisation_id,
        row.organisation,
        row.municipality_code,
        capacity,
        free,
        row.waiting,
        row.opening if free == 0 else None,
        row.starts_on,
        row.is_accepting,
        row.organisation_id == actor.organisation_id and own_kind in (None, row.kind),
        row.version,
    )


def list_offers(actor: Actor) -> list[OfferRow]:
    """All offers of organisations that use the portal, by programme and organisation, with room. One statement."""
    rows = db.session.execute(_rows().order_by(Programme.name_da, Organisation.name, Offer.id).limit(MOST))
    return [_row(actor, row) for row in rows]


def list_offers_of(actor: Actor, programme: Programme) -> list[OfferRow]:
    """The offers of one programme with their room."""
    rows = db.session.execute(
        _rows().where(Offer.programme_id == programme.id).order_by(Organisation.name, Offer.id).limit(MOST)
    )
    return [_row(actor, row) for row in rows]


def get_programme(public_id: str) -> Programme:
    """A programme: public knowledge for everybody who has signed in, a lead's once it has been given. NotFound."""
    is_public = sa.or_(Programme.owner_id.is_(None), sa.exists().where(Offer.programme_id == Programme.id))
    found = db.session.scalar(sa.select(Programme).where(Programme.public_id == public_id, is_public))
    if found is None:
        raise NotFound
    return found


def get_own_offer(actor: Actor, public_id: str) -> Offer:
    """An offer that the actor's organisation gives, with programme; for a track's lead only her own kind. NotFound."""
    statement = (
        sa.select(Offer)
        .join(Offer.programme)
        .options(contains_eager(Offer.programme))
        .where(Offer.public_id == public_id, Offer.organisation_id == actor.organisation_id)
    )
    if actor.role in TRACK_ROLES:
        statement = statement.where(Programme.kind == TRACK_ROLES[actor.role])
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def list_by_public_id(public_ids: list[str]) -> list[Offer]:
    """The offers behind ids that a form sent, with programme and organisation. Unknown ones are left out."""
    return list(
        db.session.scalars(
            sa.select(Offer)
            .options(joinedload(Offer.programme), joinedload(Offer.organisation))
            .where(Offer.public_id.in_(public_ids[:MOST]))
            .order_by(Offer.id)
        )
    )


def lock_room(offer_id: int) -> tuple[int | None, int, int]:
    """Lock an offer and count: its places (None: no fixed number), live courses, and places held for a yes.

    Whoever comes second waits here until the first has been saved, and then counts her in (R-158).
    """
    capacity = db.session.execute(sa.select(Offer.capacity).where(Offer.id == offer_id).with_for_update()).scalar_one()
    room = _room(offer_id)
    live, held = db.session.execute(sa.select(room.c.taken, room.c.held)).one()
    return capacity, live, held
