"""Claims on volunteer tasks: each place has one winner; confirmed, given back, done.

What time it is they are told, by pages from the database: it opens and shuts windows (R-131).
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.safety import PlacementPath
from portal.core.states import ClaimState, TaskState
from portal.core.volunteers import TaskOutcome
from portal.db import db
from portal.domain.apart import Placement
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.labels.tasks import REASONS
from portal.domain.tasks import (
    CLAIM_STEPS,
    LIVE_CLAIM,
    ClaimAction,
    missing_requirements,
    must_tell_why,
)
from portal.domain.workflow import check_step
from portal.models.tasks import Claim, Task
from portal.models.volunteers import Volunteer
from portal.services import audit, deadlines, placements, watch_matches, worries
from portal.services.task_holds import must_be_on
from portal.services.tasks import tell, tell_coordinators
from portal.wall import as_system


class TaskTaken(Conflict):
    """Somebody was faster, or the task is no longer there to take."""

    message = _("Somebody got there first.")


def check_volunteer(volunteer: Volunteer, task: Task, *, now: datetime) -> None:
    """Raise Forbidden with the first thing that is missing (R-130)."""
    missing = missing_requirements(
        volunteer,
        needs_certificate=task.has_children,
        on=local_date(task.starts_at),
        today=local_date(now),
    )
    if missing:
        raise Forbidden(REASONS[missing[0]])


def claim(task: Task, volunteer: Volunteer, *, actor: Actor, now: datetime) -> Claim:
    """Take a place on a task (security promise P4: each place has one winner).

    Taking the same task twice is the same success. Raises TaskTaken when no place is left or the coordinator has said
    no to her, Forbidden when something is missing for this volunteer. Whoever is on the watch list is met here, and
    sees what everybody sees (R-381).
    """
    check_volunteer(volunteer, task, now=now)
    own = _find_own(task, volunteer)
    if own is not None:
        return own
    if not _takes_place(task, volunteer, now=now):
        raise TaskTaken
    taken = Claim(public_id=new_public_id(), task=task, volunteer=volunteer, state=ClaimState.PENDING, claimed_at=now)
    db.session.add(taken)
    db.session.flush()
    audit.record(Audit.TASK_CLAIMED, SubjectType.TASK, task.public_id, actor=actor, now=now, case_id=task.case_id)
    deadlines.put_up(
        DeadlineKind.TASK_CONFIRM,
        SubjectType.TASK,
        task.public_id,
        suffix=taken.public_id,
        now=now,
        due_on=due_on(ClockKey.TASK_CONFIRM, local_date(now)),
        organisation_id=task.organisation_id,
        queue_role=Role.VOLUNTEER_COORDINATOR,
    )
    tell_coordinators(MessageKind.TASK_CLAIMED, task, taken, actor=actor, now=now)
    watch_matches.look_at(volunteer.user_id, now=now)
    return taken


def _takes_place(task: Task, volunteer: Volunteer, *, now: datetime) -> bool:
    """Whether one of the places is hers now. The counter decides, so that the last place is given once."""
    # Asked of every task, and told to nobody: the statement that gives the place refuses it like a full one.
    is_clear = placements.is_clear(Placement(PlacementPath.TASK, task.public_id, volunteer.public_id), now=now)
    won = db.session.scalar(
        sa.update(Task)
        .where(Task.id == task.id, _may_be_taken(now), sa.literal(is_clear))
        .values(
            taken=Task.taken + 1,
            version=Task.version + 1,
            state=sa.case((Task.taken + 1 >= Task.places, TaskState.FULL.value), else_=TaskState.PUBLISHED.value),
        )
        .returning(Task.id)
    )
    return won is not None


def _may_be_taken(now: datetime) -> sa.ColumnElement[bool]:
    is_on = sa.and_(Task.state == TaskState.PUBLISHED, Task.held_at.is_(None))
    return sa.and_(is_on, Task.taken < Task.places, Task.starts_at > now)


def _find_own(task: Task, volunteer: Volunteer) -> Claim | None:
    """Her live claim on the task. Raises TaskTaken when the coordinator has said no before, or she knows the woman."""
    claimed = sa.select(Claim).where(Claim.task_id == task.id, Claim.volunteer_id == volunteer.id)
    earlier = db.session.scalars(claimed).all()
    own = next((one for one in earlier if one.state in LIVE_CLAIM), None)
    if own is None and any(one.state is ClaimState.WITHDRAWN_BY_STAFF or one.knows_her for one in earlier):
        raise TaskTaken
    return own


def confirm(claim: Claim, *, actor: Actor, now: datetime) -> None:
    """Confirm a volunteer after the checklist (security 2.6). Forbidden for what is missing, NotNow if put off."""
    step = check_step(CLAIM_STEPS, ClaimAction.CONFIRM, claim.state, actor)
    must_be_on(claim.task)
    check_volunteer(claim.volunteer, claim.task, now=now)
    placements.check(PlacementPath.TASK, claim.task.public_id, claim.volunteer.public_id, now=now)
    claim.state, claim.confirmed_at, claim.confirmed_by_id = step.target, now, actor.user_id
    claim.may_see_address = False
    db.session.flush()
    _settle(claim.task, now=now)
    audit.record(step.audit, SubjectType.TASK, claim.task.public_id, actor=actor, now=now, case_id=claim.task.case_id)
    deadlines.finish(DeadlineKind.TASK_CONFIRM, claim.task.public_id, suffix=claim.public_id, actor=actor, now=now)
    deadlines.put_up(
        DeadlineKind.TASK_REPORT,
        SubjectType.CLAIM,
        claim.public_id,
        due_on=local_date(claim.task.ends_at),
        organisation_id=claim.task.organisation_id,
        owner_id=claim.volunteer.user_id,
        now=now,
    )
    tell(
        MessageKind.TASK_CONFIRMED,
        claim.volunteer.user_id,
        SubjectType.CLAIM,
        claim.public_id,
        claim.task,
        actor=actor,
        now=now,
        key=f"task_confirmed:{claim.public_id}",
    )


def release(claim: Claim, *, reason: str | None, actor: Actor, now: datetime) -> None:
    """Give a task back. Less than 24 hours before the start a reason is asked for (R-132)."""
    step = check_step(CLAIM_STEPS, ClaimAction.RELEASE, claim.state, actor)
    if must_tell_why(starts_at=claim.task.starts_at, now=now) and not reason:
        raise Invalid(_("There is less than a day left. Write in a few words why."), field="reason")
    _free(claim, step.target, actor=actor, now=now)
    audit.record(
        step.audit,
        SubjectType.TASK,
        claim.task.public_id,
        actor=actor,
        now=now,
        case_id=claim.task.case_id,
        reason=reason,
    )
    tell_coordinators(MessageKind.TASK_RELEASED, claim.task, claim, actor=actor, now=now)


def take_back(claim: Claim, *, actor: Actor, now: datetime) -> None:
    """The coordinator says no to a volunteer, or takes the task from her."""
    step = check_step(CLAIM_STEPS, ClaimAction.TAKE_BACK, claim.state, actor)
    _free(claim, step.target, actor=actor, now=now)
    audit.record(step.audit, SubjectType.TASK, claim.task.public_id, actor=actor, now=now, case_id=claim.task.case_id)
    tell(
        MessageKind.TASK_RELEASED,
        claim.volunteer.user_id,
        SubjectType.SYSTEM,
        None,
        claim.task,
        actor=actor,
        now=now,
        key=f"task_taken_back:{claim.public_id}",
    )


def give_up_known(claim: Claim, *, actor: Actor, now: datetime) -> None:
    """End a claim whose volunteer knows the woman; the coordinators see why, and nobody else (R-611).

    Assumes that the case is closed to her next. Raises NotNow before she is confirmed, and afterwards.
    """
    step = check_step(CLAIM_STEPS, ClaimAction.KNOWS_HER, claim.state, actor)
    claim.knows_her, task = True, claim.task
    _free(claim, step.target, actor=actor, now=now)
    audit.record(step.audit, SubjectType.TASK, task.public_id, actor=actor, now=now, case_id=task.case_id)
    tell_coordinators(MessageKind.TASK_RELEASED, task, claim, actor=actor, now=now)


def release_all_of(user_id: int, organisation_id: int, *, actor: Actor, now: datetime) -> None:
    """A volunteer is no longer there: what she has taken and is not over is free again, and the coordinators know."""
    hers = db.session.scalars(
        sa.select(Claim)
        .join(Claim.task)
        .join(Claim.volunteer)
        .options(contains_eager(Claim.task), contains_eager(Claim.volunteer))
        .where(
            Volunteer.user_id == user_id,
            Volunteer.organisation_id == organisation_id,
            Claim.state.in_(LIVE_CLAIM),
            Task.ends_at > now,
        )
    ).all()
    for claim in hers:
        take_silently(claim, actor=actor, now=now)


def take_silently(claim: Claim, *, actor: Actor, now: datetime) -> None:
    """Take a task from a volunteer; the coordinators learn that a place is free, and no more."""
    _free(claim, ClaimState.WITHDRAWN_BY_STAFF, actor=actor, now=now)
    task = claim.task
    audit.record(Audit.TASK_RELEASED, SubjectType.TASK, task.public_id, actor=actor, now=now, case_id=task.case_id)
    tell_coordinators(MessageKind.TASK_RELEASED, task, claim, actor=actor, now=now)


def _free(claim: Claim, state: ClaimState, *, actor: Actor, now: datetime) -> None:
    claim.state, claim.released_at, claim.may_see_address = state, now, False
    db.session.flush()
    db.session.execute(
        sa.update(Task)
        .where(Task.id == claim.task_id)
        .values(taken=Task.taken - 1, state=TaskState.PUBLISHED.value, version=Task.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(claim.task)
    _settle(claim.task, now=now)
    deadlines.finish(DeadlineKind.TASK_CONFIRM, claim.task.public_id, suffix=claim.public_id, actor=actor, now=now)
    deadlines.call_off(claim.public_id, actor=actor, now=now)


def report(claim: Claim, *, minutes: int, outcome: TaskOutcome, text: str | None, actor: Actor, now: datetime) -> None:
    """Log what was done; a concern goes to her team the same day. Invalid before it begins, NotNow if put off."""
    step = check_step(CLAIM_STEPS, ClaimAction.REPORT, claim.state, actor)
    must_be_on(claim.task)
    if now < claim.task.starts_at:
        raise Invalid(_("The task has not begun yet. Log your hours when it is done."), field="minutes")
    claim.state, claim.done_at, claim.minutes = step.target, now, minutes
    claim.outcome, claim.report = outcome, text
    db.session.flush()
    _settle(claim.task, now=now)
    audit.record(step.audit, SubjectType.TASK, claim.task.public_id, actor=actor, now=now, case_id=claim.task.case_id)
    deadlines.finish(DeadlineKind.TASK_REPORT, claim.public_id, actor=actor, now=now)
    tell_coordinators(MessageKind.TASK_REPORTED, claim.task, claim, actor=actor, now=now)
    if outcome is TaskOutcome.CONCERN:
        worries.tell_team(claim, actor=actor, now=now)


def _settle(task: Task, *, now: datetime) -> None:
    """Bring the task's state in line with its claims: all confirmed, or all reported.

    Once a task has begun, nobody waits for a place that stayed free.
    """
    # Two claims that are settled at once count one after the other, or neither sees the other's.
    db.session.refresh(task, with_for_update=True)
    claims = sa.select(Claim.state).where(Claim.task_id == task.id, Claim.state.in_((*LIVE_CLAIM, ClaimState.DONE)))
    with as_system():  # the others' too, of which a volunteer sees nothing
        states = db.session.scalars(claims).all()
    is_full = len(states) >= task.places
    if set(states) == {ClaimState.DONE} and (is_full or task.starts_at <= now):
        task.state = TaskState.REPORTED
    elif is_full and ClaimState.PENDING not in states:
        task.state = TaskState.CONFIRMED
    db.session.flush()
