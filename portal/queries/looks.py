"""Who has looked in one case: for its team with names, for the woman herself without. Callers have got the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.audit_tags import REVEALS, Audit, Outcome
from portal.core.enums import Role
from portal.core.pages import Page
from portal.core.text import danish_order
from portal.db import db
from portal.models.audit import AuditEvent
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.queries.look_groups import DAY, Look, list_groups
from portal.queries.paging import PAGE_SIZE

REPORT_SIZE = 500
MOST_LOOKERS = 500
Narrowed = sa.ColumnElement[bool] | None
# Pages that ask why, and show nothing of her yet. What was shown after them has a line of its own.
ASKING = (Page.ADDRESS_REVEAL,)
# What was done that shows something: a value was opened, or the whole case in an emergency.
OPENINGS = (*REVEALS, Audit.BREAK_GLASS_OPENED)


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who has looked in a case, in one role at one organisation."""

    actor_id: int
    user: str
    name: str
    role: Role
    organisation_id: int
    organisation_public_id: str
    organisation: str


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
    """Pages and values of these cases that were shown, and openings in an emergency.

    A form that asks first is no look, its answer is one (R-571).
    """
    is_page = sa.and_(AuditEvent.page.is_not(None), AuditEvent.page.not_in(ASKING))
    is_look = sa.or_(is_page, AuditEvent.action.in_(OPENINGS))
    return sa.and_(
        AuditEvent.case_id.in_(case_ids),
        AuditEvent.outcome == Outcome.ALLOWED,
        AuditEvent.actor_id.is_not(None),
        is_look,
    )


def list_looks(
    case_id: int,
    narrowed: Narrowed = None,
    *,
    since: datetime,
    until: datetime,
    after: str | None = None,
    limit: int = PAGE_SIZE,
) -> tuple[list[Look], str | None]:
    """Who has looked in a case, by person and day, the latest first (R-503). Raises ValueError for a bad cursor."""
    wanted = [were_looks(case_id), *([narrowed] if narrowed is not None else [])]
    return list_groups(*wanted, since=since, until=until, after=after, limit=limit)


def list_lookers(case_id: int) -> list[Looker]:
    """Everybody who has ever looked in a case, by name: what a list of looks can be narrowed to."""
    who = (AuditEvent.actor_id, AuditEvent.role, AuditEvent.organisation_id)
    found = sa.select(*who).where(were_looks(case_id)).distinct().limit(MOST_LOOKERS).subquery()
    rows = db.session.execute(
        sa.select(
            found.c.actor_id,
            User.public_id,
            User.name,
            found.c.role,
            found.c.organisation_id,
            Organisation.public_id,
            Organisation.name,
        )
        .join(User, User.id == found.c.actor_id)
        .join(Organisation, Organisation.id == found.c.organisation_id)
    )
    return sorted((Looker(*row) for row in rows), key=lambda one: danish_order(one.name))


def narrow(lookers: Sequence[Looker], who: str) -> Narrowed:
    """What a person, an organisation (by public id) or a role among them comes to; None for anything else."""
    for one in lookers:
        if who == one.user:
            return AuditEvent.actor_id == one.actor_id
        if who == one.organisation_public_id:
            return AuditEvent.organisation_id == one.organisation_id
        if who == one.role:
            return AuditEvent.role == one.role
    return None


def list_report(case_id: int, *, since: datetime, until: datetime) -> tuple[list[ReportRow], bool]:
    """Who looked in a case in a period, by day, role and organisation, without names (R-504).

    Also says whether there was more than fits on paper.
    """
    what = (DAY, AuditEvent.role, Organisation.name, AuditEvent.page, AuditEvent.action)
    rows: Any = db.session.execute(
        sa.select(*what, sa.func.count())
        .join(Organisation, Organisation.id == AuditEvent.organisation_id)
        .where(were_looks(case_id), AuditEvent.at >= since, AuditEvent.at < until)
        .group_by(*what)
        .order_by(DAY, Organisation.name, AuditEvent.role, AuditEvent.page, AuditEvent.action)
        .limit(REPORT_SIZE + 1)
    ).all()
    return [ReportRow(*row) for row in rows[:REPORT_SIZE]], len(rows) > REPORT_SIZE
