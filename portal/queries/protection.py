"""Changes of address protection that wait, and protections that lapse."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.states import CaseState
from portal.db import db
from portal.models.access import ProtectionChange
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.users import User
from portal.queries.clock import NOW
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.safety import own_cases


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Lower protection that was asked for."""

    id: int
    public_id: str
    reference: str
    level: int
    to_level: int
    reason: str
    asked_at: datetime
    asked_by: str
    agreed_at: datetime | None
    is_own: bool


def find_open(case_id: int) -> ProtectionChange | None:
    """The change of a case that waits, or None."""
    return db.session.scalar(
        sa.select(ProtectionChange).where(ProtectionChange.case_id == case_id, ProtectionChange.closed_at.is_(None))
    )


def list_open(actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE) -> tuple[list[ChangeRow], str | None]:
    """Changes that wait in cases of the officer's organisation, the newest first. ValueError for a bad cursor."""
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            ProtectionChange.id,
            ProtectionChange.public_id,
            Case.reference,
            Client.protection_level,
            ProtectionChange.to_level,
            ProtectionChange.reason,
            ProtectionChange.asked_at,
            User.name,
            ProtectionChange.agreed_at,
            ProtectionChange.asked_by_id == actor.user_id,
        )
        .join(Case, Case.id == ProtectionChange.case_id)
        .join(Client, Client.id == Case.client_id)
        .join(User, User.id == ProtectionChange.asked_by_id)
        .where(ProtectionChange.closed_at.is_(None), own_cases(actor))
        .order_by(ProtectionChange.id.desc())
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(ProtectionChange.id < decode(after, int)[0])
    rows = [ChangeRow(*row) for row in db.session.execute(statement)]
    return rows[:limit], encode(rows[limit - 1].id) if len(rows) > limit else None


def get(public_id: str, condition: sa.ColumnElement[bool]) -> ProtectionChange:
    """A change that waits, in a case that the condition lets through. Raises NotFound."""
    found = db.session.scalar(
        sa.select(ProtectionChange)
        .join(Case, Case.id == ProtectionChange.case_id)
        .where(ProtectionChange.public_id == public_id, ProtectionChange.closed_at.is_(None), condition)
    )
    if found is None:
        raise NotFound
    return found


def list_due(delay: timedelta, *, limit: int = 200) -> list[ProtectionChange]:
    """Changes that were agreed on longer ago than the delay, locked, the oldest first."""
    rows: Any = db.session.scalars(
        sa.select(ProtectionChange)
        .where(ProtectionChange.closed_at.is_(None), ProtectionChange.agreed_at <= NOW - delay)
        .order_by(ProtectionChange.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(rows)


def list_lapsing(since: date, until: date, *, limit: int = 500) -> list[tuple[Case, date]]:
    """Open cases whose ordinary protection lapses between two days, the soonest first."""
    rows = db.session.execute(
        sa.select(Case, Client.protection_until)
        .join(Client, Client.id == Case.client_id)
        .where(
            Client.protection_level == 1,
            Client.protection_until.between(since, until),
            Case.state == CaseState.OPEN,
            Case.erased_at.is_(None),
        )
        .order_by(Client.protection_until, Case.id)
        .limit(limit)
    )
    return [(case, day) for case, day in rows if day is not None]
