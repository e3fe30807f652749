"""Volunteer tasks that wait because a woman's safety is looked at anew (R-634), or because she has died (R-816).

A volunteer learns that the task is put off, and nothing else: not of whom, and not why.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Role
from portal.core.errors import NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.standing import StandingKind
from portal.db import db
from portal.domain.risk import HOLDS_VISITS
from portal.domain.tasks import CLOSES_AFTER, LIVE_CLAIM, MAY_WAIT
from portal.models.risk import SafetyReview
from portal.models.tasks import Claim, Task
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.queries.standing import stands
from portal.services import audit
from portal.services.messages import notify
from portal.wall import as_system


def waits_for_review(case_id: int) -> bool:
    """Whether visits to her wait until somebody has looked at her safety."""
    with as_system():
        return bool(db.session.scalar(sa.select(_under_review(case_id))))


def is_held(case_id: int | None) -> bool:
    """Whether visits to her wait. Asked behind the wall too: whoever publishes a task may not be told why (R-634)."""
    if case_id is None:
        return False
    with as_system():
        return bool(db.session.scalar(sa.select(_under_review(case_id) | stands(case_id, StandingKind.DIED))))


def _under_review(case_id: int) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        SafetyReview.case_id == case_id, SafetyReview.closed_at.is_(None), SafetyReview.reason.in_(HOLDS_VISITS)
    )


def must_be_on(task: Task) -> None:
    """Raise NotNow while a task is put off: nobody goes there, and nothing is logged of it (R-634)."""
    if task.held_at is not None:
        raise NotNow(_("The task has been put off. Wait until it is on again."))


def hold(case_id: int, *, actor: Actor, now: datetime) -> int:
    """Put off every task at her home that is not over; what it told of her is hidden at once. Returns how many."""
    is_ahead = sa.and_(Task.state.in_(MAY_WAIT), Task.ends_at > now - CLOSES_AFTER)
    return _set(case_id, is_ahead, Task.held_at.is_(None), now, actor=actor, now=now)


def lift(case_id: int, *, actor: Actor, now: datetime) -> int:
    """Let her tasks go on. Returns how many."""
    return _set(case_id, sa.true(), Task.held_at.is_not(None), None, actor=actor, now=now)


def _set(
    case_id: int,
    which: sa.ColumnElement[bool],
    changes: sa.ColumnElement[bool],
    held_at: datetime | None,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    # Other houses' tasks too, which the one who acts may not see.
    with as_system():
        tasks = db.session.execute(
            sa.update(Task)
            .where(Task.case_id == case_id, which, changes)
            .values(held_at=held_at, version=Task.version + 1)
            .returning(Task.id, Task.public_id, Task.organisation_id, Task.ends_at)
            .execution_options(synchronize_session="fetch")
        ).all()
        told = _whom_to_tell(tasks)
    tag = Audit.TASK_POSTPONED if held_at else Audit.TASK_RESUMED
    for task in tasks:
        audit.record(tag, SubjectType.TASK, task.public_id, actor=actor, now=now, case_id=case_id)
    kind = MessageKind.TASK_POSTPONED if held_at else MessageKind.TASK_RESUMED
    for user_id, subject_type, public_id in told:
        key = f"{kind.value}:{public_id}:{user_id}:{now.isoformat()}"
        notify(kind, user_id, subject_type, public_id, dedupe_key=key, actor=actor, now=now)
    return len(tasks)


def _whom_to_tell(tasks: Iterable[sa.Row[int, str, int, datetime]]) -> list[tuple[int, SubjectType, str]]:
    """The volunteers who have taken a task, and the coordinators of its pool."""
    by_id = {task.id: task for task in tasks}
    volunteers = db.session.execute(
        sa.select(Volunteer.user_id, Claim.public_id)
        .join(Claim, Claim.volunteer_id == Volunteer.id)
        .where(Claim.task_id.in_(by_id), Claim.state.in_(LIVE_CLAIM))
    ).all()
    coordinators = db.session.execute(
        sa.select(Membership.user_id, Membership.organisation_id).where(
            Membership.organisation_id.in_({task.organisation_id for task in by_id.values()}),
            Membership.role == Role.VOLUNTEER_COORDINATOR,
            Membership.is_live,
        )
    ).all()
    return [
        *((user_id, SubjectType.CLAIM, public_id) for user_id, public_id in volunteers),
        *(
            (user_id, SubjectType.TASK, task.public_id)
            for user_id, organisation_id in coordinators
            for task in by_id.values()
            if task.organisation_id == organisation_id
        ),
    ]
