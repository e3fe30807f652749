"""Which deadlines somebody is to be reminded of."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.clock import COPENHAGEN
from portal.core.deadlines import DeadlineKind
from portal.core.states import DeadlineState
from portal.db import db
from portal.domain.clocks import WARNS_DAYS, warns_days
from portal.domain.reminders import MOST_ATTEMPTS
from portal.models.deadlines import Deadline

LIMIT = 200
# So many days before, by what its clock says.
_DAYS = {kind: warns_days(kind) for kind in DeadlineKind}
_LONGER = {kind: days for kind, days in _DAYS.items() if days != WARNS_DAYS}
_WARNS = sa.case(_LONGER, value=Deadline.kind, else_=WARNS_DAYS)


def local_day(moment: InstrumentedAttribute[Any]) -> sa.ColumnElement[date]:
    """The Danish calendar day of a stored moment."""
    return sa.cast(sa.func.timezone(COPENHAGEN.key, moment), sa.Date)


def is_to_remind(today: date) -> sa.ColumnElement[bool]:
    """Open, near or passed, and not yet reminded of as that (R-192).

    Whoever put something up today is not reminded of it today, unless it had passed already.
    """
    has_passed = Deadline.due_on < today
    is_near = sa.and_(
        Deadline.due_on.between(today, today + timedelta(days=max(_DAYS.values()))),
        Deadline.due_on <= sa.cast(today, sa.Date) + _WARNS,
        Deadline.reminded_at.is_(None),
        local_day(Deadline.created_at) < today,
    )
    is_new_as_passed = sa.or_(Deadline.reminded_at.is_(None), local_day(Deadline.reminded_at) <= Deadline.due_on)
    return sa.and_(
        Deadline.state == DeadlineState.OPEN,
        Deadline.remind_attempts < MOST_ATTEMPTS,
        sa.or_(is_near, sa.and_(has_passed, is_new_as_passed)),
    )


def list_due_ids(today: date, *, limit: int = LIMIT) -> list[int]:
    """The next deadlines to remind of, the oldest first."""
    return list(
        db.session.scalars(
            sa.select(Deadline.id).where(is_to_remind(today)).order_by(Deadline.due_on, Deadline.id).limit(limit)
        )
    )


def parked() -> sa.Select[int]:
    """Counts open deadlines that nobody could be reminded of, however often it was tried."""
    statement = sa.select(sa.func.count()).select_from(Deadline)
    return statement.where(Deadline.state == DeadlineState.OPEN, Deadline.remind_attempts >= MOST_ATTEMPTS)
