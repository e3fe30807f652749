"""The trail of the own organisation: metadata only, never a value, never a woman's name (R-005)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import REVEALS, Audit, Outcome
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.db import db
from portal.domain.audit_sample import INSIDE
from portal.domain.disclosure import Relation
from portal.models.audit import AuditEntry, AuditEvent
from portal.models.cases import Case
from portal.models.users import User
from portal.queries.barriers import blocked_cases, knows_of
from portal.queries.look_groups import Look, list_groups
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.wall import as_system


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a case by its reference, a person by her public id, an action, a period."""

    since: datetime
    until: datetime
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
    """One look at a case or a list, or a protected value that was opened, with what she was to the case then."""

    at: datetime
    who: str
    role: Role
    relation: Relation | None
    page: Page | None
    action: Audit | None
    outcome: Outcome
    shown: int | None
    reference: str | None

    @property
    def is_outside(self) -> bool:
        """Whether she did not work with the case."""
        return self.relation is not None and self.relation not in INSIDE


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
        .outerjoin(Case, _case_of(AuditEntry, actor))
        .where(AuditEntry.organisation_id == actor.organisation_id, _is_open(AuditEntry, actor))
        .order_by(AuditEntry.id.desc())
    )
    if wanted.action:
        statement = statement.where(AuditEntry.action == wanted.action)
    rows, following = _page(_narrow(statement, wanted), AuditEntry.id, after, limit)
    return [AuditRow(*row[1:]) for row in rows], following


@as_system()
def list_gathered(
    actor: Actor, wanted: Wanted, *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[Look], str | None]:
    """The same looks as `list_views`, by person and day, the latest day first. Raises ValueError for a bad cursor."""
    conditions = [AuditEvent.actor_id.is_not(None), _views(actor, wanted)]
    if wanted.user:
        conditions.append(AuditEvent.actor_id.in_(sa.select(User.id).where(User.public_id == wanted.user)))
    span = {"since": wanted.since, "until": wanted.until}
    return list_groups(*conditions, unnamed=blocked_cases(actor.user_id), after=after, limit=limit, **span)


def _views(actor: Actor, wanted: Wanted) -> sa.ColumnElement[bool]:
    """Looks, refusals and opened values of the own organisation; of one case of its own also everybody else's."""
    ours = AuditEvent.organisation_id == actor.organisation_id
    if wanted.reference:
        asked = sa.select(Case.id).where(Case.reference == wanted.reference, knows_of(actor.user_id, Case.id))
        owned = asked.where(Case.owner_organisation_id == actor.organisation_id)
        ours = sa.and_(AuditEvent.case_id.in_(asked), sa.or_(ours, AuditEvent.case_id.in_(owned)))
    is_look = sa.or_(AuditEvent.page.is_not(None), AuditEvent.action.in_((*REVEALS, Audit.ACCESS_DENIED)))
    return sa.and_(ours, is_look, _is_open(AuditEvent, actor))


def _is_open(line: type[AuditEvent], actor: Actor) -> sa.ColumnElement[bool]:
    """Lines about no case that keeps the reader out (R-374).

    That she was refused it herself stays, without its reference: it looks as if nothing had been there.
    """
    own_refusal = sa.and_(line.actor_id == actor.user_id, line.action == Audit.ACCESS_DENIED)
    return sa.or_(knows_of(actor.user_id, line.case_id), own_refusal)


def _case_of(line: type[AuditEvent], actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(Case.id == line.case_id, knows_of(actor.user_id, Case.id))


def list_views(
    actor: Actor, wanted: Wanted, *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[ViewRow], str | None]:
    """Who of the own organisation looked at what, was refused or opened what, the newest first.

    For one case of the own organisation also everybody else. Raises ValueError for a bad cursor.
    """
    statement = (
        sa.select(
            AuditEvent.id,
            AuditEvent.at,
            User.name,
            AuditEvent.role,
            AuditEvent.relation,
            AuditEvent.page,
            AuditEvent.action,
            AuditEvent.outcome,
            AuditEvent.shown,
            Case.reference,
        )
        .join(User, User.id == AuditEvent.actor_id)
        .outerjoin(Case, _case_of(AuditEvent, actor))
        .where(_views(actor, wanted))
        .order_by(AuditEvent.id.desc())
    )
    rows, following = _page(_narrow(statement, wanted), AuditEvent.id, after, limit)
    return [_view(row) for row in rows], following


def _view(row: Any) -> ViewRow:
    values = list(row[1:])
    values[3] = Relation(values[3]) if values[3] else None
    return ViewRow(*values)


def _narrow(statement: sa.Select[*tuple[Any, ...]], wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
    if wanted.reference:
        statement = statement.where(Case.reference == wanted.reference)
    statement = statement.where(AuditEvent.at >= wanted.since, AuditEvent.at < wanted.until)
    return statement.where(User.public_id == wanted.user) if wanted.user else statement


@as_system()
def _page(
    statement: sa.Select[*tuple[Any, ...]], key: Any, after: str | None, limit: int
) -> tuple[list[Any], str | None]:
    if after:
        statement = statement.where(key < decode(after, int)[0])
    rows = list(db.session.execute(statement.limit(limit + 1)).all())
    return rows[:limit], encode(rows[limit - 1].id) if len(rows) > limit else None
