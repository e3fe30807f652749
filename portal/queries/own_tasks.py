"""A volunteer's own tasks, with exactly what may be shown of each at this moment (security rule 2.6, R-131).

The moment is the database's: it is read in the statement that reads the task.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.errors import NotFound
from portal.core.kinds import SubjectType
from portal.core.states import ClaimState
from portal.core.volunteers import SafetyAdvice, TaskKind
from portal.db import db
from portal.domain.decisions import PROVED, Act, Sight
from portal.domain.disclosure import FieldGroup, Relation
from portal.domain.modifiers import Circumstances
from portal.domain.tasks import Shown, must_tell_why, safety_advice, shown_to, window
from portal.models.audit import AuditEntry
from portal.models.tasks import Claim, Task
from portal.models.volunteers import Volunteer
from portal.queries.barriers import is_shared_unseen
from portal.queries.clock import NOW
from portal.queries.paging import PAGE_SIZE
from portal.queries.tasks import Card, card_of_task, in_order, is_living


@dataclass(frozen=True, slots=True)
class OwnTask:
    """One task that she has taken. What is not to be shown now is not in here."""

    public_id: str
    state: ClaimState
    kind: TaskKind
    month: date
    # None when it is over and only her hours are missing: kind and month are all that is left.
    card: Card | None
    starts_at: datetime | None
    ends_at: datetime | None
    alias: str | None
    meeting_point: str | None
    is_window_open: bool
    advice: tuple[SafetyAdvice, ...]
    has_address: bool
    may_see_address: bool
    # While there is still something to come.
    opening: tuple[datetime, datetime] | None
    has_begun: bool
    may_log: bool
    wants_hours: bool
    must_tell_why: bool
    # Put off: that is all that she is told.
    is_held: bool


def _mine(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    shared = is_shared_unseen(actor.user_id, actor.organisation_id, Task.case_id)
    level = sa.func.bro_protection_level(Task.case_id, type_=sa.Integer)
    return (
        sa.select(Claim, Task, Task.address.is_not(None).label("keeps_address"), level.label("level"), NOW.label("now"))
        .join(Task, Task.id == Claim.task_id)
        .join(Volunteer, Volunteer.id == Claim.volunteer_id)
        .where(
            Volunteer.user_id == actor.user_id,
            Volunteer.organisation_id == actor.organisation_id,
            in_order(),
            is_living(),
            sa.or_(Task.case_id.is_(None), shared),
        )
    )


def list_mine(actor: Actor, *, limit: int = PAGE_SIZE) -> list[OwnTask]:
    """The tasks that she has, the soonest first. A volunteer who rests has none to look at."""
    rows = db.session.execute(_mine(actor).order_by(Task.starts_at, Claim.id).limit(limit))
    return [_own(row) for row in rows]


def get(actor: Actor, public_id: str) -> OwnTask:
    """One of her tasks. Raises NotFound, also when it is done, given back, or no longer to be seen."""
    return _own(_row(actor, public_id))


def sight_of(actor: Actor, public_id: str) -> Sight:
    """What she is to the case of one task of hers, read anew. Raises NotFound."""
    return _sight(_row(actor, public_id))


def _row(actor: Actor, public_id: str) -> Any:
    statement = _mine(actor).where(Claim.public_id == public_id)
    row = db.session.execute(statement.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _opening(claim: Claim, task: Task) -> tuple[datetime, datetime] | None:
    return window(
        confirmed_at=claim.confirmed_at, done_at=claim.done_at, starts_at=task.starts_at, ends_at=task.ends_at
    )


def _shown(row: Any) -> Shown:
    claim, task = row.Claim, row.Task
    return shown_to(claim.state, _opening(claim, task), now=row.now, is_held=task.held_at is not None)


def _sight(row: Any) -> Sight:
    """The relation that this one claim makes: another task for the same woman opens nothing of this one."""
    claim, task = row.Claim, row.Task
    is_open = _shown(row).private
    case = Circumstances(
        protection_level=row.level,
        # The clause has seen to it.
        has_consent=True,
        is_in_window=is_open,
        is_approved=claim.may_see_address,
        is_accompanied=task.is_accompanied,
    )
    return Sight(Relation.VW if is_open else Relation.VO, case)


def _own(row: Any) -> OwnTask:
    claim, task = row.Claim, row.Task
    opening, shown, is_held = _opening(claim, task), _shown(row), task.held_at is not None
    is_confirmed, has_begun = claim.state is ClaimState.CONFIRMED, row.now >= task.starts_at
    return OwnTask(
        public_id=claim.public_id,
        state=claim.state,
        kind=task.kind,
        month=local_date(task.starts_at).replace(day=1),
        card=card_of_task(task) if shown.card else None,
        starts_at=task.starts_at if shown.exact_time else None,
        ends_at=task.ends_at if shown.exact_time else None,
        alias=task.alias if shown.private else None,
        meeting_point=task.meeting_point if shown.meeting_point else None,
        is_window_open=shown.private,
        advice=safety_advice(is_accompanied=task.is_accompanied, has_children=task.has_children)
        if shown.private
        else (),
        has_address=row.keeps_address and _sight(row).asks(Act.REVEAL, FieldGroup.TASK_ADDRESS, PROVED).is_yes,
        may_see_address=shown.card and claim.may_see_address,
        opening=opening if shown.card else None,
        has_begun=has_begun,
        may_log=is_confirmed and has_begun and not is_held,
        wants_hours=is_confirmed and row.now >= task.ends_at and not is_held,
        must_tell_why=must_tell_why(starts_at=task.starts_at, now=row.now),
        is_held=is_held,
    )


def list_hours(volunteer: Volunteer, *, limit: int = PAGE_SIZE) -> list[tuple[date, TaskKind, int]]:
    """Month, kind and minutes of what has been done, newest month first. Nothing else remains visible."""
    month = sa.func.date_trunc("month", Claim.done_at, "Europe/Copenhagen")
    rows = db.session.execute(
        sa.select(month, Task.kind, sa.func.sum(Claim.minutes))
        .join(Task, Task.id == Claim.task_id)
        .where(Claim.volunteer_id == volunteer.id, Claim.state == ClaimState.DONE)
        .group_by(month, Task.kind)
        .order_by(month.desc(), Task.kind)
        .limit(limit)
    )
    return [(local_date(started), kind, int(minutes or 0)) for started, kind, minutes in rows]


def seen_lately(user_id: int) -> tuple[set[int | None], set[int | None]]:
    """The cases whose address this volunteer has opened in the last day, and in the last thirty days."""
    at_tasks = sa.and_(
        AuditEntry.actor_id == user_id,
        AuditEntry.action == Audit.ADDRESS_REVEALED,
        AuditEntry.subject_type == SubjectType.CLAIM,
        AuditEntry.case_id.is_not(None),
    )
    month = NOW - sa.func.make_interval(0, 0, 0, 30)
    day = NOW - sa.func.make_interval(0, 0, 0, 1)
    rows = db.session.execute(
        sa.select(AuditEntry.case_id, sa.func.max(AuditEntry.at) > day)
        .where(at_tasks, AuditEntry.at > month)
        .group_by(AuditEntry.case_id)
    ).all()
    return {case_id for case_id, is_today in rows if is_today}, {case_id for case_id, _is_today in rows}
