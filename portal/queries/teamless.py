"""Open cases on whose team nobody of the organisation that owns them is left who still comes in.

That others work on it does not help: the owner answers for the case, and has nobody who would know. Nor does somebody
for whom the case does not exist any more because she, or another house that she works for, is kept out of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.states import CaseState
from portal.db import db
from portal.models.cases import Case, TeamMember
from portal.models.users import Membership, User
from portal.queries.apart import pairs_apart
from portal.queries.barriers import blocked_cases, is_open_to, kept_out
from portal.queries.paging import PAGE_SIZE, Listed, cut, decode
from portal.queries.visibility import TEAM_ROLES
from portal.wall import as_system

MOST = 100


@dataclass(frozen=True, slots=True)
class AloneRow:
    """A case on which nobody of the own organisation is left, under the reference for leads."""

    public_id: str
    reference: str
    opened_at: datetime
    case_id: int


def _alone() -> sa.ColumnElement[bool]:
    somebody = (
        sa.exists()
        .where(TeamMember.case_id == Case.id, TeamMember.ended_at.is_(None))
        .where(TeamMember.organisation_id == Case.owner_organisation_id)
        .where(Membership.id == TeamMember.membership_id, Membership.is_live)
        .where(Case.id.not_in(blocked_cases(TeamMember.user_id)))
    )
    return sa.and_(Case.state == CaseState.OPEN, Case.erased_at.is_(None), ~somebody)


def list_alone(case_ids: Collection[int]) -> Sequence[Case]:
    """Those of the cases that nobody of their own organisation is left on."""
    return db.session.scalars(sa.select(Case).where(Case.id.in_(case_ids), _alone()).order_by(Case.id)).all()


@as_system()
def list_own(actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE) -> Listed[AloneRow]:
    """Cases of the own organisation on which nobody of it is left, the oldest first. Never one closed to the actor.

    Raises ValueError for a cursor of another list.
    """
    own = sa.select(Case.public_id, Case.lead_reference, Case.opened_at, Case.id).where(_own_alone(actor))
    if after:
        own = own.where(Case.id > decode(after, int)[0])
    rows = db.session.execute(own.order_by(Case.id).limit(limit + 1)).all()
    return cut(rows, lambda row: AloneRow(*row), lambda row: (row.id,), limit)


def alone_of_house(actor: Actor) -> sa.Select[Any]:
    """The same as a statement, to be counted."""
    return sa.select(Case.id).where(_own_alone(actor))


def _own_alone(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(Case.owner_organisation_id == actor.organisation_id, is_open_to(actor, Case.id), _alone())


@as_system()
def get_alone(actor: Actor, public_id: str) -> Case:
    """A case of the own organisation that nobody of it is left on, held until the transaction ends. Raises NotFound."""
    case = db.session.scalar(sa.select(Case).where(Case.public_id == public_id, _own_alone(actor)).with_for_update())
    if case is None:
        raise NotFound
    return case


@as_system()
def is_own_case(actor: Actor, public_id: str) -> bool:
    """Whether a case without a team is one of the own organisation, told of by its public id."""
    own = sa.exists().where(Case.public_id == public_id, _own_alone(actor))
    return bool(db.session.scalar(sa.select(own)))


def list_takers(actor: Actor) -> list[tuple[str, str]]:
    """Who at the own organisation does case work, as (public id, name), by name. Never oneself."""
    return [(one.public_id, one.name) for one in _takers(actor)]


@as_system()
def list_takers_of(actor: Actor, cases: Mapping[str, int]) -> dict[str, list[tuple[str, str]]]:
    """The same for each of these cases, without whoever is kept out of it, or apart from her.

    Three statements, however many cases.
    """
    takers = _takers(actor)
    people, ids = [one.id for one in takers], set(cases.values())
    barred = {tuple(pair) for pair in db.session.execute(kept_out(ids, people))} | pairs_apart(ids, people)
    return {
        key: [(one.public_id, one.name) for one in takers if (case_id, one.id) not in barred]
        for key, case_id in cases.items()
    }


def _takers(actor: Actor) -> list[Any]:
    rows = db.session.execute(
        sa.select(User.id, User.public_id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(takes_cases(actor), User.id != actor.user_id)
        .distinct()
        .limit(MOST)
    )
    return sorted(rows, key=lambda one: one.name.casefold())


def get_taker(actor: Actor, user_public_id: str) -> Membership:
    """The role by which somebody of the own organisation takes a case. Raises NotFound."""
    found = db.session.scalar(
        sa.select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(User.public_id == user_public_id, takes_cases(actor))
        .order_by(Membership.id)
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found


def takes_cases(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a membership, with its user, is of somebody at the own organisation who works in cases."""
    return sa.and_(
        Membership.organisation_id == actor.organisation_id,
        Membership.role.in_(TEAM_ROLES),
        Membership.is_live,
        User.is_active,
    )


def has_primary(case_id: int) -> bool:
    """Whether somebody whom the others ask is on the team, still comes in and may know of the case."""
    there = (
        sa.exists()
        .where(TeamMember.case_id == case_id, TeamMember.ended_at.is_(None), TeamMember.is_primary)
        .where(Membership.id == TeamMember.membership_id, Membership.is_live)
        .where(TeamMember.case_id.not_in(blocked_cases(TeamMember.user_id)))
    )
    return bool(db.session.scalar(sa.select(there)))


def list_told(organisation_id: int, roles: Sequence[Role], case_id: int) -> dict[int, Role]:
    """Who at an organisation is told of a case, each in one of her roles; nobody who is kept out of it."""
    rows = db.session.execute(
        sa.select(Membership.user_id, Membership.role)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_(roles),
            Membership.is_live,
            sa.literal(case_id).not_in(blocked_cases(Membership.user_id)),
        )
        .order_by(Membership.user_id)
    )
    return {user_id: role for user_id, role in rows}  # noqa: C416 - a row is not a pair to the type checker
