"""Emergency access: what its service asks, and what the safety officer looks at afterwards."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.safety import BreakGlassReason, Verdict
from portal.db import db
from portal.domain.relations import EMERGENCY_ROLES
from portal.models.access import BreakGlass
from portal.models.cases import Case
from portal.models.users import Membership, User
from portal.queries.barriers import blocked_cases, live_emergency
from portal.queries.clock import NOW
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.safety import own_cases
from portal.wall import as_system

# A number of our own, so that this lock meets no other.
EMERGENCY_LOCK = 376


@as_system()
def find_for_emergency(actor: Actor, reference: str) -> Case | None:
    """An open case of the actor's own organisation by its reference, or None, whatever the reason."""
    if actor.role not in EMERGENCY_ROLES:
        return None
    return db.session.scalar(
        sa.select(Case).where(Case.reference == reference, Case.closed_at.is_(None), own_cases(actor))
    )


def find_running(actor: Actor, reference: str) -> BreakGlass | None:
    """The actor's own emergency access to an open case of that reference that still lasts, or None."""
    return db.session.scalar(
        sa.select(BreakGlass)
        .join(Case, Case.id == BreakGlass.case_id)
        .where(live_emergency(actor), Case.reference == reference, Case.closed_at.is_(None), own_cases(actor))
        .limit(1)
    )


def get_running(actor: Actor, case_public_id: str) -> BreakGlass:
    """The actor's own emergency access to a case, named by the case. Raises NotFound when there is none."""
    found = db.session.scalar(
        sa.select(BreakGlass)
        .join(Case, Case.id == BreakGlass.case_id)
        .where(Case.public_id == case_public_id, live_emergency(actor))
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found


@as_system()
def count_emergencies(actor: Actor, *, days: int) -> tuple[int, datetime | None]:
    """How often this person opened a case so in the last days, and since when the oldest waits to be looked at (R-377).

    Whatever has become of the cases: one from which she is kept out since, and one that is erased, count as before.
    """
    since = NOW - timedelta(days=days)
    row = db.session.execute(
        sa.select(
            sa.func.count().filter(BreakGlass.started_at > since),
            sa.func.min(BreakGlass.started_at).filter(BreakGlass.reviewed_at.is_(None)),
        ).where(BreakGlass.user_id == actor.user_id)
    ).one()
    return int(row[0]), row[1]


@dataclass(frozen=True, slots=True)
class EmergencyRow:
    """One emergency access as the safety officer sees it."""

    id: int
    public_id: str
    reference: str
    who: str
    role: Role
    category: BreakGlassReason
    # Nothing where the case has been erased.
    reason: str | None
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    verdict: Verdict | None
    remark: str | None
    is_own: bool


def _emergency_rows(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            BreakGlass.id,
            BreakGlass.public_id,
            Case.reference,
            User.name,
            Membership.role,
            BreakGlass.category,
            BreakGlass.reason,
            BreakGlass.started_at,
            BreakGlass.ends_at,
            BreakGlass.ended_at,
            BreakGlass.verdict,
            BreakGlass.remark,
            BreakGlass.user_id == actor.user_id,
            Case.erased_at,
        )
        .join(Case, Case.id == BreakGlass.case_id)
        .join(User, User.id == BreakGlass.user_id)
        .join(Membership, Membership.id == BreakGlass.membership_id)
        .where(_to_review(actor))
    )


def _to_review(actor: Actor) -> sa.ColumnElement[bool]:
    """Those of the officer's organisation but for cases that she is kept out of herself.

    Also where the case has been erased: one that nobody could look at any more would never be settled.
    """
    return sa.and_(
        BreakGlass.organisation_id == actor.organisation_id, BreakGlass.case_id.not_in(blocked_cases(actor.user_id))
    )


@as_system()
def list_emergencies(
    actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[EmergencyRow], str | None]:
    """Emergency accesses at the own organisation, the newest first. Raises ValueError for a bad cursor.

    Assumes that an officer asks.
    """
    statement = _emergency_rows(actor).order_by(BreakGlass.id.desc()).limit(limit + 1)
    if after:
        statement = statement.where(BreakGlass.id < decode(after, int)[0])
    rows = [_emergency_row(row) for row in db.session.execute(statement)]
    return rows[:limit], encode(rows[limit - 1].id) if len(rows) > limit else None


def _emergency_row(row: Any) -> EmergencyRow:
    *values, erased_at = row
    found = EmergencyRow(*values)
    return found if erased_at is None else replace(found, reason=None, remark=None)


@as_system()
def get_emergency(actor: Actor, public_id: str) -> BreakGlass:
    """An emergency access at the own organisation, for an officer. Raises NotFound."""
    found = db.session.scalar(sa.select(BreakGlass).where(BreakGlass.public_id == public_id, _to_review(actor)))
    if found is None:
        raise NotFound
    return found


def list_unreviewed_too_long(within: timedelta, *, limit: int = 200) -> list[BreakGlass]:
    """Emergency accesses that nobody has looked at for longer than that, the oldest first."""
    rows = db.session.scalars(
        sa.select(BreakGlass)
        .where(BreakGlass.reviewed_at.is_(None), BreakGlass.started_at < NOW - within)
        .order_by(BreakGlass.id)
        .limit(limit)
    )
    return list(rows)
