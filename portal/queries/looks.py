"""Who has looked in one case: for its team with names, for the woman herself without. Callers have got the case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.audit_tags import REVEALS, Audit, Outcome, Page
from portal.core.enums import Role
from portal.db import db
from portal.domain.audit_sample import INSIDE
from portal.domain.disclosure import Relation
from portal.models.audit import AuditEvent
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.queries.paging import PAGE_SIZE, decode, encode

REPORT_SIZE = 500
# Pages that ask why, and show nothing of her yet. What was shown after them has a line of its own.
ASKING = (Page.ADDRESS_REVEAL,)


@dataclass(frozen=True, slots=True)
class Look:
    """One look: who, in which role, when, at what, and why where a reason was asked for."""

    at: datetime
    who: str
    role: Role
    organisation: str
    relation: Relation | None
    page: Page | None
    action: Audit | None
    reason: str | None

    @property
    def is_outside(self) -> bool:
        """Whether she did not work with the case at the time."""
        return self.relation is not None and self.relation not in INSIDE


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What the woman is told: on which day somebody in which role at which organisation looked at what, how often."""

    on: date
    role: Role
    organisation: str
    page: Page | None
    action: Audit | None
    times: int


def were_looks(*case_ids: int) -> sa.ColumnElement[bool]:
    """Pages and values of these cases that were shown: a form that asks first is no look, its answer is one (R-571)."""
    is_page = sa.and_(AuditEvent.page.is_not(None), AuditEvent.page.not_in(ASKING))
    is_look = sa.or_(is_page, AuditEvent.action.in_(REVEALS))
    return sa.and_(
        AuditEvent.case_id.in_(case_ids),
        AuditEvent.outcome == Outcome.ALLOWED,
        AuditEvent.actor_id.is_not(None),
        is_look,
    )


def list_looks(case_id: int, *, after: str | None = None, limit: int = PAGE_SIZE) -> tuple[list[Look], str | None]:
    """Everybody who has looked in a case, the newest first (R-503). Raises ValueError for a bad cursor."""
    statement = (
        sa.select(
            AuditEvent.id,
            AuditEvent.at,
            User.name,
            AuditEvent.role,
            Organisation.name,
            AuditEvent.relation,
            AuditEvent.page,
            AuditEvent.action,
            AuditEvent.reason,
        )
        .join(User, User.id == AuditEvent.actor_id)
        .join(Organisation, Organisation.id == AuditEvent.organisation_id)
        .where(were_looks(case_id))
        .order_by(AuditEvent.id.desc())
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(AuditEvent.id < decode(after, int)[0])
    rows: Any = db.session.execute(statement).all()
    following = encode(rows[limit - 1].id) if len(rows) > limit else None
    return [_look(row) for row in rows[:limit]], following


def _look(row: Any) -> Look:
    values = list(row[1:])
    values[4] = Relation(values[4]) if values[4] else None
    return Look(*values)


def list_report(case_id: int, *, since: datetime, until: datetime) -> tuple[list[ReportRow], bool]:
    """Who looked in a case in a period, by day, role and organisation, without names (R-504).

    Also says whether there was more than fits on paper.
    """
    day = sa.cast(sa.func.timezone("Europe/Copenhagen", AuditEvent.at), sa.Date)
    what = (day, AuditEvent.role, Organisation.name, AuditEvent.page, AuditEvent.action)
    rows: Any = db.session.execute(
        sa.select(*what, sa.func.count())
        .join(Organisation, Organisation.id == AuditEvent.organisation_id)
        .where(were_looks(case_id), AuditEvent.at >= since, AuditEvent.at < until)
        .group_by(*what)
        .order_by(day, Organisation.name, AuditEvent.role, AuditEvent.page, AuditEvent.action)
        .limit(REPORT_SIZE + 1)
    ).all()
    return [ReportRow(*row) for row in rows[:REPORT_SIZE]], len(rows) > REPORT_SIZE
