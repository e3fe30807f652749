"""Courses of a house that nobody of it gives any more: its worker has left, or is kept out of the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.kinds import TrackKind
from portal.core.states import CaseState
from portal.db import db
from portal.domain.enrolments import LIVE, TEAM_KINDS
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.users import Membership, User
from portal.queries.barriers import blocked_cases, is_open_to, kept_out
from portal.queries.consents import taken_back
from portal.queries.paging import PAGE_SIZE, Listed, cut, decode
from portal.queries.workers import roles_for
from portal.wall import as_system

MOST = 100


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A course that waits for somebody, under the reference for leads."""

    public_id: str
    reference: str
    kind: TrackKind
    case_id: int


def _waits(actor: Actor) -> sa.ColumnElement[bool]:
    still_here = sa.exists().where(
        Membership.user_id == Enrolment.worker_id,
        Membership.organisation_id == Enrolment.organisation_id,
        Membership.is_live,
    )
    return sa.and_(
        Enrolment.organisation_id == actor.organisation_id,
        Enrolment.kind.in_(TEAM_KINDS),
        Enrolment.state.in_(LIVE),
        ~still_here,
        Case.state == CaseState.OPEN,
        is_open_to(actor, Case.id),
        # Nobody of the house may know of her any more: there is nobody to give it to.
        ~taken_back(Enrolment.case_id, Enrolment.organisation_id),
    )


@as_system()
def list_waiting(actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE) -> Listed[WaitingRow]:
    """Courses of the own organisation that nobody gives, the oldest first. Never of a case that keeps the actor out.

    Raises ValueError for a cursor of another list.
    """
    waiting = _rows(actor)
    if after:
        waiting = waiting.where(Enrolment.id > decode(after, int)[0])
    rows = db.session.execute(waiting.order_by(Enrolment.id).limit(limit + 1)).all()
    return cut(rows, _row, lambda row: (row.key,), limit)


def _rows(actor: Actor) -> sa.Select[str, str, TrackKind, int, int]:
    columns = (Enrolment.public_id, Case.lead_reference, Enrolment.kind, Case.id, Enrolment.id.label("key"))
    return sa.select(*columns).join(Case, Case.id == Enrolment.case_id).where(_waits(actor))


def _row(row: Any) -> WaitingRow:
    return WaitingRow(*row[:-1])


def waiting_of_house(actor: Actor) -> sa.Select[Any]:
    """The same as a statement, to be counted."""
    return sa.select(Enrolment.id).join(Case, Case.id == Enrolment.case_id).where(_waits(actor))


@as_system()
def get_row(actor: Actor, public_id: str) -> WaitingRow:
    """One of them as the list shows it. Raises NotFound."""
    found = db.session.execute(_rows(actor).where(Enrolment.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound
    return _row(found)


@as_system()
def list_takers(actor: Actor, rows: Sequence[WaitingRow]) -> dict[str, list[tuple[str, str]]]:
    """Who of the house could take each of these courses, as (public id, name), by name. Never oneself.

    Two statements, however many courses there are.
    """
    colleagues = db.session.execute(
        sa.select(User.id, User.public_id, User.name, sa.func.array_agg(Membership.role).label("roles"))
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == actor.organisation_id,
            Membership.is_live,
            User.is_active,
            User.id != actor.user_id,
        )
        .group_by(User.id)
        .limit(MOST)
    ).all()
    barred = {
        tuple(pair)
        for pair in db.session.execute(kept_out({row.case_id for row in rows}, [one.id for one in colleagues]))
    }
    by_name = sorted(colleagues, key=lambda one: one.name.casefold())
    return {
        row.public_id: [
            (one.public_id, one.name)
            for one in by_name
            if roles_for(row.kind) & set(one.roles) and (row.case_id, one.id) not in barred
        ]
        for row in rows
    }


@as_system()
def get_waiting(actor: Actor, public_id: str) -> Enrolment:
    """One of them, held until the transaction ends. Raises NotFound."""
    found = db.session.scalar(
        sa.select(Enrolment)
        .join(Case, Case.id == Enrolment.case_id)
        .where(Enrolment.public_id == public_id, _waits(actor))
        .with_for_update(of=Enrolment)
    )
    if found is None:
        raise NotFound
    return found


def find_asked(organisation_id: int, roles: Sequence[Role], case_id: int) -> Role | None:
    """The first of these roles in which somebody of a house works who is not kept out of the case."""
    found = db.session.scalars(
        sa.select(Membership.role)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_(roles),
            Membership.is_live,
            User.is_active,
            sa.literal(case_id).not_in(blocked_cases(User.id)),
        )
        .distinct()
    ).all()
    return next((role for role in roles if role in found), None)
