"""Volunteer tasks: published, called off, verified."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import COPENHAGEN, local_date
from portal.core.enums import Region, Role
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.ids import new_public_id, new_reference
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.states import ClaimState, TaskState
from portal.core.volunteers import PartOfDay, TaskKind
from portal.db import db
from portal.domain.tasks import LIVE_CLAIM, TASK_STEPS, TaskAction
from portal.domain.workflow import check_step
from portal.models.tasks import Claim, Task
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.services import audit, deadlines, messages, places, task_holds
from portal.services.case_marks import must_be_open


@dataclass(frozen=True, slots=True)
class NewTask:
    """What a new task is: the public card first, then what only a confirmed volunteer sees."""

    kind: TaskKind
    region: Region
    starts_at: datetime
    ends_at: datetime
    skills: Sequence[str] = ()
    places: int = 1
    has_children: bool = False
    is_accompanied: bool = False
    case_id: int | None = None
    enrolment_id: int | None = None
    alias: str | None = None
    meeting_point: str | None = None
    address: str | None = None


def publish(new: NewTask, *, organisation_id: int, actor: Actor, now: datetime) -> Task:
    """Put a task on the board; put off from the start while visits to her wait (R-634).

    Raises Invalid when it ends before it starts, or lies in the past.
    """
    step = check_step(TASK_STEPS, TaskAction.PUBLISH, TaskState.DRAFT, actor)
    must_be_open(new.case_id)
    if new.ends_at <= new.starts_at:
        raise Invalid(_("The end must be after the start."), field="ends")
    if new.starts_at <= now:
        raise Invalid(_("Choose a day that is still ahead."), field="on")
    _check_places(new)
    day = local_date(new.starts_at)
    task = Task(
        public_id=new_public_id(),
        organisation_id=organisation_id,
        reference=new_reference(),
        state=step.target,
        week_of=day - timedelta(days=day.weekday()),
        part_of_day=part_of_day(new.starts_at),
        taken=0,
        held_at=now if task_holds.is_held(new.case_id) else None,
        created_by_id=actor.user_id,
        created_at=now,
        **asdict(new) | {"skills": sorted(new.skills)},
    )
    db.session.add(task)
    db.session.flush()
    audit.record(step.audit, SubjectType.TASK, task.public_id, actor=actor, now=now, case_id=new.case_id)
    return task


def _check_places(new: NewTask) -> None:
    """No place where none may be kept (R-107); where she is protected a meeting point before an address (security M4).

    Why is the team's to know: whoever publishes tasks is not told of the protection.
    """
    typed = [name for name in ("meeting_point", "address") if getattr(new, name)]
    if not typed or new.case_id is None:
        return
    if not places.may_keep(new.case_id):
        words = _("No place is kept for this task. Empty the field, and ask her contact person where to meet.")
        raise Invalid(words, field=typed[0])
    if not new.meeting_point and places.is_protected(new.case_id):
        words = _("Write where to meet first: an address is for the few who are allowed it.")
        raise Invalid(words, field="meeting_point")


def forget_approvals(case_id: int) -> None:
    """Her address or its protection has changed: whoever was allowed to see where a task is must be asked for anew."""
    hers = sa.select(Task.id).where(Task.case_id == case_id)
    db.session.execute(
        sa.update(Claim)
        .where(Claim.task_id.in_(hers), Claim.may_see_address)
        .values(may_see_address=False, version=Claim.version + 1)
        .execution_options(synchronize_session="fetch")
    )


def part_of_day(moment: datetime) -> PartOfDay:
    """Morning before noon, evening from five, Danish time."""
    hour = moment.astimezone(COPENHAGEN).hour
    return PartOfDay.MORNING if hour < 12 else PartOfDay.AFTERNOON if hour < 17 else PartOfDay.EVENING


def verify(task: Task, *, actor: Actor, now: datetime) -> None:
    """Close a task whose hours are in."""
    step = check_step(TASK_STEPS, TaskAction.VERIFY, task.state, actor)
    task.state = step.target
    db.session.flush()
    audit.record(step.audit, SubjectType.TASK, task.public_id, actor=actor, now=now, case_id=task.case_id)


def cancel(task: Task, *, actor: Actor, now: datetime) -> None:
    """Call a task off; everybody who has taken it is told."""
    step = check_step(TASK_STEPS, TaskAction.CANCEL, task.state, actor)
    claims = db.session.execute(
        sa.select(Claim, Volunteer.user_id)
        .join(Volunteer, Volunteer.id == Claim.volunteer_id)
        .where(Claim.task_id == task.id, Claim.state.in_(LIVE_CLAIM))
    ).all()
    for claim_, user_id in claims:
        claim_.state, claim_.released_at, claim_.may_see_address = ClaimState.WITHDRAWN_BY_STAFF, now, False
        deadlines.call_off(claim_.public_id, actor=actor, now=now)
        tell(
            MessageKind.TASK_CANCELLED,
            user_id,
            SubjectType.SYSTEM,
            None,
            task,
            actor=actor,
            now=now,
            key=f"task_cancelled:{claim_.public_id}",
        )
    task.state, task.taken = step.target, 0
    db.session.flush()
    deadlines.call_off(task.public_id, actor=actor, now=now)
    audit.record(step.audit, SubjectType.TASK, task.public_id, actor=actor, now=now, case_id=task.case_id)


def expire_past(*, actor: Actor, now: datetime) -> int:
    """Take unfilled tasks whose time has come off the board. Returns how many."""
    gone = db.session.scalars(
        sa.update(Task)
        .where(Task.state == TaskState.PUBLISHED, Task.taken == 0, Task.starts_at <= now)
        .values(state=TaskState.EXPIRED.value, version=Task.version + 1)
        .returning(Task.public_id)
    ).all()
    for public_id in gone:
        audit.record(Audit.TASK_CANCELLED, SubjectType.TASK, public_id, actor=actor, now=now)
    return len(gone)


def tell_coordinators(kind: MessageKind, task: Task, claim: Claim, *, actor: Actor, now: datetime) -> None:
    """Tell everybody who runs the pool about a claim, once per claim and person."""
    coordinators = db.session.scalars(
        sa.select(Membership.user_id).where(
            Membership.organisation_id == task.organisation_id,
            Membership.role == Role.VOLUNTEER_COORDINATOR,
            Membership.is_live,
        )
    )
    for user_id in coordinators:
        tell(
            kind,
            user_id,
            SubjectType.TASK,
            task.public_id,
            task,
            actor=actor,
            now=now,
            key=f"{kind.value}:{claim.public_id}:{user_id}",
        )


def tell(
    kind: MessageKind,
    user_id: int,
    subject_type: SubjectType,
    public_id: str | None,
    task: Task,
    *,
    actor: Actor,
    now: datetime,
    key: str,
) -> None:
    """Tell one person something about a task. The case is not named: a volunteer must not learn it."""
    messages.notify(kind, user_id, subject_type, public_id, dedupe_key=key, actor=actor, now=now, case_id=None)
