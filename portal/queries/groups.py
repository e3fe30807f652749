"""Reading groups: the rounds, and one round with its meetings, participants and marks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.kinds import TrackKind
from portal.core.states import EnrolmentState, MeetingState, Presence, RoundState
from portal.db import db
from portal.domain.cases import NO_ADDRESS_LEVEL
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.enrolments import Enrolment
from portal.models.groups import GroupRound, RoundLeader
from portal.models.meetings import Attendance, Meeting
from portal.models.programmes import Offer, Programme
from portal.models.users import Membership, User
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import LIVE, visible_enrolments

SHOWN = (*LIVE, EnrolmentState.COMPLETED)


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round in the list."""

    id: int
    public_id: str
    name: str
    state: RoundState
    starts_on: date
    taken: int
    places_min: int
    places_max: int
    session_count: int
    held: int
    next_at: datetime | None
    programme_da: str
    programme_en: str
    leaders: str


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody with a seat or in line for one: her first name, or the case's reference where there is none."""

    id: int
    public_id: str
    case_id: int
    first_name: str
    state: EnrolmentState


@dataclass(frozen=True, slots=True)
class Leader:
    user_id: int
    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting of a round on its page."""

    id: int
    public_id: str
    number: int | None
    state: MeetingState
    starts_at: datetime
    moved_from: datetime | None
    theme: str | None


def visible_rounds(actor: Actor) -> sa.ColumnElement[bool]:
    """Rounds of the actor's own organisation, and those that somebody in one of her cases has a seat in."""
    own = GroupRound.organisation_id == actor.organisation_id
    if actor.role in (Role.GROUP_LEADER, Role.PROGRAMME_LEAD):
        return own
    seats = sa.select(Enrolment.round_id).where(visible_enrolments(actor), Enrolment.round_id.is_not(None))
    return sa.or_(own, GroupRound.id.in_(seats))


def seats_taken(actor: Actor) -> sa.ColumnElement[int]:
    """How many seats are taken. Whoever leads the round counts those that she sees (R-388).

    She knows her group: a number above the names would tell her that she is kept out of somebody's case, and of whose.
    """
    if actor.role is not Role.GROUP_LEADER:
        return sa.type_coerce(GroupRound.taken, sa.Integer)
    led = sa.select(RoundLeader.round_id).where(RoundLeader.user_id == actor.user_id)
    seen = (
        sa.select(sa.func.count())
        .select_from(Enrolment)
        .where(visible_enrolments(actor), Enrolment.round_id == GroupRound.id, Enrolment.state.in_(SHOWN))
        .correlate(GroupRound)
        .scalar_subquery()
    )
    return sa.case((GroupRound.id.in_(led), seen), else_=GroupRound.taken)


def count_taken(actor: Actor, round_id: int) -> int:
    """How many seats of one round are taken, for this reader (R-388)."""
    return db.session.execute(sa.select(seats_taken(actor)).where(GroupRound.id == round_id)).scalar_one()


def list_rounds(actor: Actor, *, after: str | None = None) -> tuple[list[RoundRow], str | None]:
    """Rounds, the newest start first, and where the list goes on. Raises ValueError for a cursor that is none."""
    session = aliased(Meeting)
    of_round = sa.select(sa.func.count()).where(session.round_id == GroupRound.id)
    held = of_round.where(session.state == MeetingState.HELD).scalar_subquery()
    next_at = (
        sa.select(sa.func.min(session.starts_at))
        .where(session.round_id == GroupRound.id, session.state == MeetingState.PLANNED)
        .scalar_subquery()
    )
    query = (
        sa.select(
            GroupRound.id,
            GroupRound.public_id,
            GroupRound.name,
            GroupRound.state,
            GroupRound.starts_on,
            seats_taken(actor).label("taken"),
            GroupRound.places_min,
            GroupRound.places_max,
            GroupRound.session_count,
            held.label("held"),
            next_at.label("next_at"),
            Programme.name_da.label("programme_da"),
            Programme.name_en.label("programme_en"),
        )
        .join(Offer, Offer.id == GroupRound.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(visible_rounds(actor))
    )
    if after:
        query = query.where(sa.tuple_(GroupRound.starts_on, GroupRound.id) < decode(after, date, int))
    rows = db.session.execute(
        query.order_by(GroupRound.starts_on.desc(), GroupRound.id.desc()).limit(PAGE_SIZE + 1)
    ).all()
    shown = rows[:PAGE_SIZE]
    following = encode(shown[-1].starts_on, shown[-1].id) if len(rows) > PAGE_SIZE else None
    leaders = _leaders([row.id for row in shown])
    made = [RoundRow(**{**row._mapping, "leaders": leaders.get(row.id, "")}) for row in shown]
    return made, following


def _leaders(round_ids: list[int]) -> dict[int, str]:
    """Names are sealed in the database, so they are put together here."""
    rows = db.session.execute(
        sa.select(RoundLeader.round_id, User.name)
        .join(User, User.id == RoundLeader.user_id)
        .where(RoundLeader.round_id.in_(round_ids))
        .order_by(RoundLeader.round_id, User.id)
    )
    found: dict[int, list[str]] = {}
    for round_id, name in rows:
        found.setdefault(round_id, []).append(name)
    return {round_id: ", ".join(names) for round_id, names in found.items()}


def get(actor: Actor, public_id: str) -> GroupRound:
    """The round with offer and programme loaded. Raises NotFound (R-004)."""
    found = db.session.scalar(
        sa.select(GroupRound)
        .where(GroupRound.public_id == public_id, visible_rounds(actor))
        .options(joinedload(GroupRound.offer).joinedload(Offer.programme))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def list_offers(actor: Actor) -> list[Offer]:
    """The group programmes that the actor's organisation gives, with programme."""
    return list(
        db.session.scalars(
            sa.select(Offer)
            .join(Offer.programme)
            .options(contains_eager(Offer.programme))
            .where(Offer.organisation_id == actor.organisation_id, Programme.kind == TrackKind.GROUP)
            .order_by(Offer.id)
        )
    )


def list_possible_leaders(actor: Actor) -> list[Leader]:
    """Who at the actor's organisation leads groups."""
    rows = db.session.execute(
        sa.select(User.id, User.public_id, User.name)
        .where(
            User.is_active,
            User.id.in_(
                sa.select(Membership.user_id).where(
                    Membership.organisation_id == actor.organisation_id,
                    Membership.is_live,
                    Membership.role == Role.GROUP_LEADER,
                )
            ),
        )
        .order_by(User.id)
    )
    return [Leader(*row) for row in rows]


def list_leaders(round_id: int) -> list[str]:
    """The names of those who lead a round."""
    return list(
        db.session.scalars(
            sa.select(User.name)
            .join(RoundLeader, RoundLeader.user_id == User.id)
            .where(RoundLeader.round_id == round_id)
            .order_by(User.id)
        )
    )


def list_sessions(round_id: int) -> list[Meeting]:
    """The meetings of a round in their order."""
    return list(
        db.session.scalars(sa.select(Meeting).where(Meeting.round_id == round_id).order_by(Meeting.number, Meeting.id))
    )


def shown_sessions(round_id: int) -> list[Session]:
    """The meetings of a round as its page shows them."""
    return [
        Session(one.id, one.public_id, one.number, one.state, one.starts_at, one.moved_from, one.theme)
        for one in list_sessions(round_id)
    ]


def first_name(name: str | None, reference: str) -> str:
    """The first name alone; the reference for somebody who has given none."""
    return name.split()[0] if name and name.strip() else reference


def _people(actor: Actor, *conditions: sa.ColumnElement[bool]) -> list[Participant]:
    rows = db.session.execute(
        sa.select(
            Enrolment.id,
            Enrolment.public_id,
            Enrolment.case_id,
            Client.name,
            Client.protection_level,
            Case.reference,
            Enrolment.state,
        )
        .join(Case, Case.id == Enrolment.case_id)
        .join(Client, Client.id == Case.client_id)
        .where(visible_enrolments(actor), *conditions)
        .order_by(Enrolment.id)
        .limit(60)
    )
    return [Participant(r.id, r.public_id, r.case_id, _shown(r), r.state) for r in rows]


def _shown(row: Any) -> str:
    # Special protection: no list says who she is (modifier M5).
    name = row.name if row.protection_level < NO_ADDRESS_LEVEL else None
    return first_name(name, row.reference)


def list_participants(actor: Actor, round_id: int) -> list[Participant]:
    """Those with a seat that the actor may see, by first name only (R-003)."""
    return _people(actor, Enrolment.round_id == round_id, Enrolment.state.in_(SHOWN))


def list_waiting(actor: Actor, offer_id: int) -> list[Participant]:
    """Those who have been given a place in the programme and wait for a seat in a round."""
    return _people(actor, Enrolment.offer_id == offer_id, Enrolment.round_id.is_(None), Enrolment.state.in_(LIVE))


def marks(round_id: int) -> dict[tuple[int, int], Presence]:
    """Who came: (meeting, enrolment) to presence. What is not marked is not there."""
    rows = db.session.execute(
        sa.select(Attendance.meeting_id, Attendance.enrolment_id, Attendance.presence)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Meeting.round_id == round_id)
    )
    return {(row.meeting_id, row.enrolment_id): row.presence for row in rows}


def get_session(round_row: Any, public_id: str) -> Meeting:
    """A meeting of the round. Raises NotFound."""
    found = db.session.scalar(
        sa.select(Meeting).where(Meeting.public_id == public_id, Meeting.round_id == round_row.id)
    )
    if found is None:
        raise NotFound
    return found
