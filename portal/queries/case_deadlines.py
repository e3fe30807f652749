"""All days of a case: what is open, what was done and how late, what was taken off, and which days became others."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineCause, DeadlineKind
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.risk import ReviewReason
from portal.core.safe_contact import Barred
from portal.core.states import DeadlineState, WishState
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.models.cases import Case
from portal.models.deadlines import Deadline, DeadlineChange
from portal.models.users import User
from portal.queries.barriers import is_open_to
from portal.queries.deadlines import why_of
from portal.queries.paging import PAGE_SIZE, decode, encode

# The same row once more, on the list of the leads, or of a municipality whose advisers do not see the case.
OF_OTHERS = sa.or_(
    sa.and_(Deadline.kind == DeadlineKind.BRIDGE_RECEIVER, Deadline.queue_role.is_not(None)),
    sa.and_(Deadline.kind == DeadlineKind.COUNSELLING_MISSED, Deadline.queue_role == Role.MUNICIPAL_ADVISER.value),
)
# Of one row no more changes are shown than these, the newest.
CHANGES = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One day that became another, or is wished to."""

    cause: DeadlineCause
    from_on: date
    to_on: date
    state: WishState
    reason: str | None
    who: str | None
    at: datetime
    # Who gave the time that was asked for, or refused it, and when.
    answered_by: str | None = None
    answered_at: datetime | None = None

    @property
    def is_given(self) -> bool:
        """Whether somebody has given the time that was asked for, and why is known (R-868)."""
        told = self.reason and self.who and self.answered_by
        return bool(told) and self.cause is DeadlineCause.EXTENDED and self.state is WishState.AGREED


@dataclass(frozen=True, slots=True)
class Row:
    """One day of the case. `late`: by how many days it was or is over; 0 when in time."""

    public_id: str
    kind: DeadlineKind
    state: DeadlineState
    due_on: date
    done_on: date | None
    late: int
    who: str | None
    changes: tuple[Change, ...]
    # Why her safety is to be looked at, or why she was not reached so; for whom her risk is open.
    why: ReviewReason | Barred | None = None

    @property
    def is_asked(self) -> bool:
        """Whether more time has been asked for, and nobody has answered."""
        return any(change.state is WishState.ASKED for change in self.changes)


def list_of_case(
    actor: Actor, case: Case, seen: Lens, *, today: date, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[Row], str | None]:
    """The days of a case, the latest first, with the cursor of the next page. Raises ValueError for a bad one.

    Nothing is hidden by being done, called off or closed (R-704). Who sees a part of the case sees its own house's.
    """
    statement = (
        sa.select(Deadline, User.name)
        .outerjoin(User, User.id == sa.func.coalesce(Deadline.done_by_id, Deadline.owner_id))
        .where(Deadline.case_id == case.id, Deadline.kind != DeadlineKind.EXTENSION_WANTED, ~OF_OTHERS)
        .order_by(Deadline.due_on.desc(), Deadline.id.desc())
        .limit(limit + 1)
    )
    if not seen.sees_all_tracks:
        statement = statement.where(Deadline.organisation_id == actor.organisation_id)
    if after:
        statement = statement.where(sa.tuple_(Deadline.due_on, Deadline.id) < decode(after, date, int))
    found = db.session.execute(statement).all()
    changes = _changes([deadline.id for deadline, _name in found[:limit]])
    following = encode(found[limit - 1][0].due_on, found[limit - 1][0].id) if len(found) > limit else None
    rows = [_row(deadline, name, changes[deadline.id], today) for deadline, name in found[:limit]]
    return (rows if seen.shows(FieldGroup.RISK_LEVEL) else [replace(row, why=None) for row in rows]), following


def _row(deadline: Deadline, name: str | None, changes: Sequence[Change], today: date) -> Row:
    done_on = local_date(deadline.done_at) if deadline.done_at else None
    until = today if deadline.state is DeadlineState.OPEN else done_on
    over = (until - deadline.due_on).days if until and deadline.state is not DeadlineState.CANCELLED else 0
    return Row(
        public_id=deadline.public_id,
        kind=deadline.kind,
        state=deadline.state,
        due_on=deadline.due_on,
        done_on=done_on,
        late=max(over, 0),
        who=name,
        changes=tuple(changes[:CHANGES]),
        why=why_of(deadline.kind, deadline.source_key),
    )


def _changes(deadline_ids: Sequence[int]) -> dict[int, list[Change]]:
    asker, answerer = aliased(User), aliased(User)
    rows = db.session.execute(
        sa.select(DeadlineChange, asker.name, answerer.name)
        .outerjoin(asker, asker.id == DeadlineChange.asked_by_id)
        .outerjoin(answerer, answerer.id == DeadlineChange.answered_by_id)
        .where(DeadlineChange.deadline_id.in_(deadline_ids))
        .order_by(DeadlineChange.at.desc(), DeadlineChange.id.desc())
    )
    found: dict[int, list[Change]] = defaultdict(list)
    for one, who, answered_by in rows:
        change = Change(one.cause, one.from_on, one.to_on, one.state, one.reason, who, one.at)
        found[one.deadline_id].append(replace(change, answered_by=answered_by, answered_at=one.answered_at))
    return found


def get_of_case(case: Case, public_id: str) -> Deadline:
    """One row of a case. Raises NotFound for another case's."""
    row = db.session.scalar(sa.select(Deadline).where(Deadline.public_id == public_id, Deadline.case_id == case.id))
    if row is None:
        raise NotFound
    return row


def list_moved(case_id: int, *, at: datetime) -> list[tuple[DeadlineKind, date, date]]:
    """What moved along with the change that was made at that moment: what, from when, to when (R-702)."""
    rows = db.session.execute(
        sa.select(Deadline.kind, DeadlineChange.from_on, DeadlineChange.to_on)
        .join(Deadline, Deadline.id == DeadlineChange.deadline_id)
        .where(DeadlineChange.case_id == case_id, DeadlineChange.at == at)
        .order_by(DeadlineChange.to_on, DeadlineChange.id)
    )
    return [(kind, from_on, to_on) for kind, from_on, to_on in rows]


def get_wish(actor: Actor, public_id: str) -> tuple[DeadlineChange, Deadline]:
    """A wish for more time at the lead's house, with its row. Raises NotFound, also for a case that keeps her out."""
    row = db.session.execute(
        sa.select(DeadlineChange, Deadline)
        .join(Deadline, Deadline.id == DeadlineChange.deadline_id)
        .where(
            DeadlineChange.public_id == public_id,
            DeadlineChange.cause == DeadlineCause.EXTENDED,
            Deadline.organisation_id == actor.organisation_id,
            is_open_to(actor, DeadlineChange.case_id),
        )
        .with_for_update(of=DeadlineChange)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]
