"""What is late at a house, for its lead: which kind, since when, whose; the case by the lead's own reference alone."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import add_weekdays
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.states import CaseState, DeadlineState, WishState
from portal.db import db
from portal.domain.clocks import STATUTORY
from portal.models.cases import Case
from portal.models.deadlines import Deadline, DeadlineChange
from portal.models.users import User
from portal.queries.barriers import is_open_to
from portal.queries.paging import PAGE_SIZE, decode, encode

# So many weekdays whoever must act has for herself before her lead sees it; of what a law asks for, none.
OWN_WEEKDAYS = 2


class Which(StrEnum):
    """What of it is shown."""

    ALL = "all"
    STATUTORY = "statutory"


@dataclass(frozen=True, slots=True)
class LateRow:
    """One late thing. `queue`: whose turn it is while nobody has it."""

    kind: DeadlineKind
    due_on: date
    is_statutory: bool
    reference: str | None
    is_closed: bool
    who: str | None
    queue: Role | None


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody asks for more time."""

    public_id: str
    kind: DeadlineKind
    from_on: date
    to_on: date
    reason: str | None
    reference: str
    who: str | None
    is_own: bool


def is_for_lead(actor: Actor, today: date, which: Which = Which.ALL) -> sa.ColumnElement[bool]:
    """Open and over at the lead's own house, a few weekdays for what no law asks for (R-705)."""
    oldest = today
    while add_weekdays(oldest, OWN_WEEKDAYS) >= today:
        oldest = date.fromordinal(oldest.toordinal() - 1)
    by_law = sa.and_(Deadline.kind.in_(STATUTORY), Deadline.due_on < today)
    condition = by_law if which is Which.STATUTORY else sa.or_(by_law, Deadline.due_on <= oldest)
    return sa.and_(
        Deadline.organisation_id == actor.organisation_id,
        Deadline.state == DeadlineState.OPEN,
        condition,
        is_open_to(actor, Deadline.case_id, may_be_none=True),
    )


def list_late(
    actor: Actor, *, today: date, which: Which = Which.ALL, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[LateRow], str | None]:
    """What is late, the oldest day first, and the cursor of the next page. Raises ValueError for a bad cursor."""
    statement = (
        sa.select(
            Deadline.id,
            Deadline.kind,
            Deadline.due_on,
            Deadline.queue_role,
            Case.lead_reference,
            Case.state,
            User.name,
        )
        .outerjoin(Case, Case.id == Deadline.case_id)
        .outerjoin(User, User.id == Deadline.owner_id)
        .where(is_for_lead(actor, today, which))
        .order_by(Deadline.due_on, Deadline.id)
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(sa.tuple_(Deadline.due_on, Deadline.id) > decode(after, date, int))
    rows = db.session.execute(statement).all()
    following = encode(rows[limit - 1].due_on, rows[limit - 1].id) if len(rows) > limit else None
    return [
        LateRow(
            kind=row.kind,
            due_on=row.due_on,
            is_statutory=row.kind in STATUTORY,
            reference=row.lead_reference,
            is_closed=row.state is CaseState.CLOSED,
            who=row.name,
            queue=Role(row.queue_role) if row.queue_role and row.name is None else None,
        )
        for row in rows[:limit]
    ], following


def list_wishes(actor: Actor) -> list[Wish]:
    """Wishes for more time that wait for a lead of the house, the oldest first."""
    rows = db.session.execute(
        sa.select(DeadlineChange, Deadline.kind, Case.lead_reference, User.name)
        .join(Deadline, Deadline.id == DeadlineChange.deadline_id)
        .join(Case, Case.id == DeadlineChange.case_id)
        .outerjoin(User, User.id == DeadlineChange.asked_by_id)
        .where(
            DeadlineChange.state == WishState.ASKED,
            Deadline.organisation_id == actor.organisation_id,
            is_open_to(actor, DeadlineChange.case_id),
        )
        .order_by(DeadlineChange.at, DeadlineChange.id)
        .limit(PAGE_SIZE)
    )
    return [
        Wish(
            wish.public_id,
            kind,
            wish.from_on,
            wish.to_on,
            wish.reason,
            reference,
            who,
            wish.asked_by_id == actor.user_id,
        )
        for wish, kind, reference, who in rows
    ]
