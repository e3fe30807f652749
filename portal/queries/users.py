"""The people of the own organisation and their roles."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.db import db
from portal.models.users import Membership, User
from portal.queries.paging import PAGE_SIZE, decode, encode


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One role of one person."""

    public_id: str
    user_public_id: str
    name: str
    role: Role
    ended_at: datetime | None
    is_active: bool
    is_self: bool


def list_members(
    actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[MemberRow], str | None]:
    """The people of the own organisation with their roles, the newest first. Raises ValueError for a bad cursor."""
    statement = (
        sa.select(
            Membership.id,
            Membership.public_id,
            User.public_id.label("user"),
            User.name,
            Membership.role,
            Membership.ended_at,
            User.is_active,
            Membership.user_id,
        )
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == actor.organisation_id)
        .order_by(Membership.id.desc())
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(Membership.id < decode(after, int)[0])
    rows = db.session.execute(statement).all()
    following = encode(rows[limit - 1].id) if len(rows) > limit else None
    return [
        MemberRow(
            row.public_id, row.user, row.name, row.role, row.ended_at, row.is_active, row.user_id == actor.user_id
        )
        for row in rows[:limit]
    ], following


def list_names(actor: Actor, *, limit: int = 500) -> list[tuple[str, str]]:
    """The people of the own organisation as (public id, name), by name."""
    rows = db.session.execute(
        sa.select(User.public_id, User.name)
        .where(User.id.in_(sa.select(Membership.user_id).where(Membership.organisation_id == actor.organisation_id)))
        .limit(limit)
    )
    # Names are sealed in the database, so they are sorted here.
    return sorted(((public_id, name) for public_id, name in rows), key=lambda row: row[1].casefold())


def get_member(actor: Actor, public_id: str) -> tuple[Membership, User]:
    """A live role of somebody at the own organisation. Raises NotFound for any other."""
    row = db.session.execute(
        sa.select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.public_id == public_id,
            Membership.organisation_id == actor.organisation_id,
            Membership.ended_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def get_name(actor: Actor, public_id: str) -> str:
    """What somebody with a live role at the own organisation is called. Raises NotFound for anybody else."""
    _membership, user = get_member(actor, public_id)
    return user.name


def name_of(user: User | None) -> str | None:
    """What somebody is called whom another query has loaded; None for nobody."""
    return None if user is None else user.name


def colleague_id(actor: Actor, public_id: str) -> int:
    """Somebody who works at the own organisation. Raises NotFound for anybody else."""
    found = db.session.scalar(
        sa.select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            User.public_id == public_id,
            Membership.organisation_id == actor.organisation_id,
            Membership.is_live,
        )
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found
