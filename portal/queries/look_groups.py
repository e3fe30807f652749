"""Looks gathered by person and day, so that a list of them can be read. What is out of the ordinary stands alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import aliased

from portal.core.audit_tags import Audit, Outcome
from portal.core.clock import end_of_local_day, local_date, start_of_local_day
from portal.core.enums import Role
from portal.core.pages import Page
from portal.db import db
from portal.domain.audit_sample import INSIDE
from portal.domain.disclosure import Relation
from portal.models.audit import AuditEvent
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.queries.paging import PAGE_SIZE, decode, encode

# So many lines are gathered for one page, and what else there is of the day of the last: never half a day.
LINES = 2000
LAST_ID = 2**63 - 1
ONE_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
DAY: sa.ColumnElement[date] = sa.cast(sa.func.timezone("Europe/Copenhagen", AuditEvent.at), sa.Date)
# Values that were opened and refusals are never gathered: each stands in a row of its own.
ALONE = sa.case((sa.or_(AuditEvent.page.is_(None), AuditEvent.outcome != Outcome.ALLOWED), AuditEvent.id))
# Lists of several cases count each for itself: how much one of them showed is not lost among the others.
LIST = sa.case((AuditEvent.case_id.is_(None), AuditEvent.page))
# One relation, one role and one organisation to a row: what was seen as a stranger hides behind nothing else.
KEYS = (
    DAY.label("day"),
    AuditEvent.actor_id,
    AuditEvent.organisation_id,
    AuditEvent.role,
    AuditEvent.relation,
    AuditEvent.case_id,
    LIST.label("list"),
    ALONE.label("alone"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody looked at on one day, in one role and one relation; or one look that stands alone."""

    on: date
    who: str
    user: str
    role: Role
    organisation_id: int
    organisation: str
    relation: Relation | None
    reference: str | None
    pages: Sequence[Page]
    action: Audit | None
    outcome: Outcome
    reason: str | None
    # How many cases a list showed, at most.
    shown: int | None
    times: int
    first_at: datetime
    last_at: datetime

    @property
    def is_outside(self) -> bool:
        """Whether she did not work with the case at the time."""
        return self.relation is not None and self.relation not in INSIDE

    @property
    def is_emergency(self) -> bool:
        """Whether she had opened the case in an emergency."""
        return self.relation is Relation.BG


def list_groups(
    *wanted: sa.ColumnElement[bool],
    since: datetime,
    until: datetime,
    after: str | None,
    limit: int = PAGE_SIZE,
    unnamed: sa.Select[int] | None = None,
) -> tuple[list[Look], str | None]:
    """Lines that meet all conditions, gathered, the latest day first. Raises ValueError for a bad cursor.

    A row keeps its place however often somebody looks again: it stands where the first look of its day put it.
    `unnamed`: cases whose references are not shown.
    """
    day, first_id = decode(after, date, int) if after else (None, None)
    until = min(until, end_of_local_day(day)) if day else until
    lines = sa.and_(*wanted, AuditEvent.at < until)
    oldest = max(_oldest(lines) or since, since)
    groups = _groups(sa.and_(lines, AuditEvent.at >= oldest, AuditEvent.id > _last_before(lines, oldest)))
    statement = _with_names(groups, unnamed).order_by(groups.c.day.desc(), groups.c.first_id.desc()).limit(limit + 1)
    if day:
        statement = statement.where(sa.tuple_(groups.c.day, groups.c.first_id) < sa.tuple_(day, first_id))
    rows: Any = db.session.execute(statement).all()
    following = (rows[limit - 1].day, rows[limit - 1].first_id) if len(rows) > limit else None
    if following is None and oldest > since:
        # The days before have not been looked through yet.
        following = (local_date(oldest) - ONE_DAY, LAST_ID)
    return [_look(row) for row in rows[:limit]], encode(*following) if following else None


def _oldest(lines: sa.ColumnElement[bool]) -> datetime | None:
    """From when on lines are gathered for this page; None when there are not so many."""
    at = db.session.scalar(sa.select(AuditEvent.at).where(lines).order_by(AuditEvent.id.desc()).offset(LINES).limit(1))
    return None if at is None else start_of_local_day(local_date(at))


def _last_before(lines: sa.ColumnElement[bool], oldest: datetime) -> int:
    """A line that is older than all that are gathered, for the indexes, which go by number and not by time.

    Lines of one moment may be numbered the other way round, but never by as much as an hour.
    """
    early = sa.select(AuditEvent.id).where(lines, AuditEvent.at < oldest - AN_HOUR)
    return db.session.scalar(early.order_by(AuditEvent.id.desc()).limit(1)) or 0


def _groups(lines: sa.ColumnElement[bool]) -> sa.Subquery:
    pages = sa.func.array_agg(aggregate_order_by(AuditEvent.page, AuditEvent.id), type_=ARRAY(sa.Text))
    return (
        sa.select(
            *KEYS,
            sa.func.min(AuditEvent.id).label("first_id"),
            pages.label("pages"),
            sa.func.max(AuditEvent.shown).label("shown"),
            sa.func.count().label("times"),
            sa.func.min(AuditEvent.at).label("first_at"),
            sa.func.max(AuditEvent.at).label("last_at"),
        )
        .where(lines)
        .group_by(*KEYS)
        .subquery()
    )


def _with_names(groups: sa.Subquery, unnamed: sa.Select[int] | None) -> sa.Select[Any]:
    line = aliased(AuditEvent)
    is_named = sa.true() if unnamed is None else Case.id.not_in(unnamed)
    return (
        sa.select(
            groups,
            User.name.label("who"),
            User.public_id.label("user"),
            Organisation.name.label("organisation"),
            Case.reference,
            line.action,
            line.outcome,
            line.reason,
        )
        .join(User, User.id == groups.c.actor_id)
        .join(Organisation, Organisation.id == groups.c.organisation_id)
        .outerjoin(Case, sa.and_(Case.id == groups.c.case_id, is_named))
        .outerjoin(line, line.id == groups.c.alone)
    )


def _look(row: Any) -> Look:
    return Look(
        on=row.day,
        who=row.who,
        user=row.user,
        role=row.role,
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        relation=Relation(row.relation) if row.relation else None,
        reference=row.reference,
        pages=[Page(page) for page in dict.fromkeys(row.pages) if page],
        action=row.action,
        outcome=row.outcome or Outcome.ALLOWED,
        reason=row.reason,
        shown=row.shown,
        times=row.times,
        first_at=row.first_at,
        last_at=row.last_at,
    )
