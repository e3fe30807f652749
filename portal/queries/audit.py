"""The trail of the own organisation: metadata only, never a value, never a woman's name (R-005)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit, Page
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.disclosure import Relation
from portal.models.audit import AccessEntry, AuditEntry
from portal.models.cases import Case
from portal.models.users import User
from portal.queries.paging import PAGE_SIZE, decode, encode


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a case by its reference, a person by her public id, an action."""

    reference: str | None = None
    user: str | None = None
    action: Audit | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One change."""

    at: datetime
    who: str | None
    role: Role
    action: Audit
    subject_type: SubjectType
    reference: str | None
    fields: list[str]


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One look at a case."""

    at: datetime
    who: str
    role: Role
    relation: Relation
    page: Page
    reference: str


def list_entries(
    actor: Actor, wanted: Wanted, *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[AuditRow], str | None]:
    """What was done at the own organisation, the newest first. Raises ValueError for a bad cursor."""
    statement = (
        sa.select(
            AuditEntry.id,
            AuditEntry.at,
            User.name,
            AuditEntry.role,
            AuditEntry.action,
            AuditEntry.subject_type,
            Case.reference,
            AuditEntry.fields,
        )
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .outerjoin(Case, Case.id == AuditEntry.case_id)
        .where(AuditEntry.organisation_id == actor.organisation_id)
        .order_by(AuditEntry.id.desc())
    )
    if wanted.action:
        statement = statement.where(AuditEntry.action == wanted.action)
    rows, following = _page(_narrow(statement, wanted), AuditEntry.id, after, limit)
    return [AuditRow(*row[1:]) for row in rows], following


def list_views(
    actor: Actor, wanted: Wanted, *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[ViewRow], str | None]:
    """Who of the own organisation looked at which case, the newest first. Raises ValueError for a bad cursor."""
    statement = (
        sa.select(
            AccessEntry.id,
            AccessEntry.at,
            User.name,
            AccessEntry.role,
            AccessEntry.relation,
            AccessEntry.page,
            Case.reference,
        )
        .join(User, User.id == AccessEntry.actor_id)
        .join(Case, Case.id == AccessEntry.case_id)
        .where(AccessEntry.organisation_id == actor.organisation_id)
        .order_by(AccessEntry.id.desc())
    )
    rows, following = _page(_narrow(statement, wanted), AccessEntry.id, after, limit)
    found = [ViewRow(row.at, row.name, row.role, Relation(row.relation), row.page, row.reference) for row in rows]
    return found, following


def _narrow(statement: sa.Select[*tuple[Any, ...]], wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
    if wanted.reference:
        statement = statement.where(Case.reference == wanted.reference)
    return statement.where(User.public_id == wanted.user) if wanted.user else statement


def _page(
    statement: sa.Select[*tuple[Any, ...]], key: Any, after: str | None, limit: int
) -> tuple[list[Any], str | None]:
    if after:
        statement = statement.where(key < decode(after, int)[0])
    rows = list(db.session.execute(statement.limit(limit + 1)).all())
    return rows[:limit], encode(rows[limit - 1].id) if len(rows) > limit else None
