"""Who works at the own organisation, in which role, and since when nobody has seen her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.people import Suspension
from portal.db import db
from portal.models.users import Membership, User
from portal.queries.paging import PAGE_SIZE, decode, encode


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One live role of one person."""

    id: int
    public_id: str
    name: str
    role: Role
    signed_in_at: datetime | None
    confirmed_at: datetime
    suspended_at: datetime | None
    suspended_for: Suspension | None
    is_self: bool


def confirmed_at() -> sa.ColumnElement[datetime]:
    """When somebody last said that she works here: by giving the role, confirming it or waking it."""
    return sa.func.greatest(Membership.given_at, Membership.attested_at, Membership.woken_at)


def list_staff(
    actor: Actor, *, unconfirmed_since: datetime | None = None, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[StaffRow], str | None]:
    """Live roles at the own organisation, the oldest first, and the next cursor. Raises ValueError for a bad one.

    With `unconfirmed_since` only those that nobody has confirmed since then; never the actor's own.
    """
    statement = (
        sa.select(
            Membership.id,
            Membership.public_id,
            User.name,
            Membership.role,
            User.signed_in_at,
            confirmed_at(),
            Membership.suspended_at,
            Membership.suspended_for,
            User.id == actor.user_id,
        )
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == actor.organisation_id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
        .limit(limit + 1)
    )
    if unconfirmed_since is not None:
        statement = statement.where(
            confirmed_at() < unconfirmed_since, Membership.suspended_at.is_(None), User.id != actor.user_id
        )
    if after:
        statement = statement.where(Membership.id > decode(after, int)[0])
    rows = [StaffRow(*row) for row in db.session.execute(statement)]
    following = encode(rows[limit - 1].id) if len(rows) > limit else None
    return rows[:limit], following


def get_sleeping(actor: Actor, public_id: str) -> Membership:
    """A role at the own organisation that sleeps. Raises NotFound for any other."""
    found = db.session.scalar(
        sa.select(Membership).where(
            Membership.public_id == public_id,
            Membership.organisation_id == actor.organisation_id,
            Membership.ended_at.is_(None),
            Membership.suspended_at.is_not(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def list_dormant(*, quiet_since: datetime) -> Sequence[Membership]:
    """Awake roles of people who have not signed in since then, nor been let in since then."""
    seen = sa.func.greatest(User.signed_in_at, User.created_at, Membership.given_at, Membership.woken_at)
    return db.session.scalars(
        sa.select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(Membership.is_live, seen < quiet_since)
        .order_by(Membership.id)
        .limit(5000)
    ).all()


def list_unconfirmed(*, since: datetime) -> Sequence[Membership]:
    """Awake roles everywhere that nobody has confirmed since then."""
    return db.session.scalars(
        sa.select(Membership).where(Membership.is_live, confirmed_at() < since).order_by(Membership.id).limit(5000)
    ).all()


def count_unconfirmed(organisation_id: int, *, since: datetime) -> int:
    """How many awake roles of an organisation nobody has confirmed since then."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Membership)
            .where(
                Membership.organisation_id == organisation_id,
                Membership.is_live,
                confirmed_at() < since,
            )
        )
        or 0
    )
