"""Volunteer tasks: the board, one's own, and the coordinator's pool."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.core.actor import Actor
from portal.core.enums import Region
from portal.core.errors import NotFound
from portal.core.states import ClaimState, TaskState
from portal.core.volunteers import PartOfDay, TaskKind
from portal.db import db
from portal.domain.disclosure import FieldGroup, opens
from portal.domain.relations import usual_relation
from portal.domain.tasks import CLOSES_AFTER
from portal.models.tasks import Claim, Task
from portal.models.volunteers import Volunteer
from portal.queries.apart import list_closed_to
from portal.queries.barriers import TODAY, is_shared_unseen
from portal.queries.clock import NOW
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import visible_tasks


@dataclass(frozen=True, slots=True)
class Card:
    """What anybody who may take a task sees of it: fixed words and numbers, no name, no place, no exact day."""

    public_id: str
    reference: str
    kind: TaskKind
    region: Region
    week_of: date
    part_of_day: PartOfDay
    minutes: int
    skills: tuple[str, ...]
    has_children: bool
    is_accompanied: bool
    places: int
    missing: int


def find_volunteer(actor: Actor) -> Volunteer | None:
    """The actor's own volunteer profile, or None."""
    return db.session.scalar(
        sa.select(Volunteer).where(
            Volunteer.user_id == actor.user_id, Volunteer.organisation_id == actor.organisation_id
        )
    )


def may_touch(volunteer: Volunteer) -> sa.ColumnElement[bool]:
    """Tasks without a case, and those of cases that she is not kept out of and that are still shared."""
    shared = is_shared_unseen(volunteer.user_id, volunteer.organisation_id, Task.case_id)
    return sa.or_(Task.case_id.is_(None), shared)


def in_order() -> sa.ColumnElement[bool]:
    """Not paused, with declaration and introduction: nobody else has a task to look at (modifier M1)."""
    papers = (Volunteer.pledged_on.is_not(None), Volunteer.trained_on.is_not(None))
    return sa.and_(Volunteer.is_suspended.is_(False), *papers)


def _is_no_meeting(volunteer: Volunteer) -> sa.ColumnElement[bool]:
    """Tasks for somebody whom she must not meet are not offered to her, as if another had them (R-754)."""
    return sa.or_(Task.case_id.is_(None), Task.case_id.not_in(list_closed_to(volunteer.user_id)))


def open_for(volunteer: Volunteer) -> sa.ColumnElement[bool]:
    """Published, not put off, ahead by the database's clock, in her region, within her skills, not hers yet (R-131)."""
    own = sa.select(Claim.task_id).where(Claim.volunteer_id == volunteer.id)
    ready = sa.or_(Volunteer.opens_on.is_(None), Volunteer.opens_on <= TODAY)
    condition = sa.and_(
        sa.exists().where(Volunteer.id == volunteer.id, in_order(), ready),
        Task.organisation_id == volunteer.organisation_id,
        Task.region == volunteer.region,
        Task.state == TaskState.PUBLISHED,
        Task.held_at.is_(None),
        Task.starts_at > NOW,
        Task.skills.contained_by(volunteer.skills),
        Task.id.not_in(own),
        _is_no_meeting(volunteer),
        may_touch(volunteer),
    )
    # As the rule has it: the certificate must last until the task's own Danish day.
    day = sa.func.timezone("Europe/Copenhagen", Task.starts_at).cast(sa.Date)
    without_children = Task.has_children.is_(False)
    if volunteer.certificate_until is None:
        return sa.and_(condition, without_children)
    return sa.and_(condition, sa.or_(without_children, day <= volunteer.certificate_until))


def list_open(
    volunteer: Volunteer, *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[Card], str | None]:
    """Tasks that this volunteer could take now, the soonest first, and the cursor of the next page."""
    statement = sa.select(Task).where(open_for(volunteer))
    if after:
        starts_at, last_id = decode(after, datetime, int)
        statement = statement.where(sa.tuple_(Task.starts_at, Task.id) > (starts_at, last_id))
    rows = db.session.scalars(statement.order_by(Task.starts_at, Task.id).limit(limit + 1)).all()
    following = encode(rows[limit - 1].starts_at, rows[limit - 1].id) if len(rows) > limit else None
    return [card_of_task(task) for task in rows[:limit]], following


def list_similar(volunteer: Volunteer, task: Task, *, limit: int = 2) -> list[Card]:
    """Other open tasks for somebody who came second: the same kind first, then the soonest."""
    rows = db.session.scalars(
        sa.select(Task)
        .where(open_for(volunteer), Task.id != task.id)
        .order_by((Task.kind == task.kind).desc(), Task.starts_at, Task.id)
        .limit(limit)
    )
    return [card_of_task(row) for row in rows]


def card_of_task(task: Task) -> Card:
    """The public card of a task: fixed words and numbers."""
    return Card(
        task.public_id,
        task.reference,
        task.kind,
        task.region,
        task.week_of,
        task.part_of_day,
        int((task.ends_at - task.starts_at).total_seconds() // 60),
        tuple(task.skills),
        task.has_children,
        task.is_accompanied,
        task.places,
        task.places - task.taken,
    )


def get_for_board(volunteer: Volunteer, public_id: str) -> Task:
    """A task of the volunteer's own organisation and region, whatever has become of it. Raises NotFound."""
    task = db.session.scalar(
        sa.select(Task).where(
            Task.public_id == public_id,
            Task.organisation_id == volunteer.organisation_id,
            Task.region == volunteer.region,
            Task.state != TaskState.DRAFT,
            may_touch(volunteer),
        )
    )
    if task is None:
        raise NotFound
    return task


def is_living() -> sa.ColumnElement[bool]:
    """Claims that are still something to her: confirmed and not logged, or asked for while it could be said yes to."""
    is_ahead = Task.ends_at + sa.literal(CLOSES_AFTER, sa.Interval) > NOW
    return sa.or_(Claim.state == ClaimState.CONFIRMED, sa.and_(Claim.state == ClaimState.PENDING, is_ahead))


def get_own(actor: Actor, public_id: str) -> Claim:
    """One's own living claim, to be changed, with its task. Raises NotFound, also while the volunteer is paused."""
    claim = db.session.scalar(
        sa.select(Claim)
        .join(Claim.volunteer)
        .join(Claim.task)
        .options(contains_eager(Claim.task), contains_eager(Claim.volunteer))
        .where(
            sa.or_(Task.case_id.is_(None), is_shared_unseen(actor.user_id, actor.organisation_id, Task.case_id)),
            Claim.public_id == public_id,
            Volunteer.user_id == actor.user_id,
            Volunteer.organisation_id == actor.organisation_id,
            in_order(),
            is_living(),
        )
    )
    if claim is None:
        raise NotFound
    return claim


def counts_own(volunteer: Volunteer) -> tuple[int, int]:
    """How many tasks are open for her, and how many she has."""
    own = (
        sa.select(sa.func.count())
        .select_from(Claim)
        .join(Claim.task)
        .where(Claim.volunteer_id == volunteer.id, is_living())
    )
    open_ = sa.select(sa.func.count()).select_from(Task).where(open_for(volunteer))
    row = db.session.execute(sa.select(open_.scalar_subquery(), own.scalar_subquery())).one()
    return int(row[0]), int(row[1])


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A task as the coordinator's list shows it."""

    id: int
    public_id: str
    reference: str
    kind: TaskKind
    state: TaskState
    region: Region
    starts_at: datetime
    places: int
    taken: int
    pending: int
    is_held: bool


FILTERS: dict[str, tuple[TaskState, ...]] = {
    "open": (TaskState.PUBLISHED, TaskState.DRAFT),
    "taken": (TaskState.FULL, TaskState.CONFIRMED),
    "reported": (TaskState.REPORTED,),
    "ended": (TaskState.VERIFIED, TaskState.CANCELLED, TaskState.EXPIRED),
}


@dataclass(frozen=True, slots=True)
class Private:
    """What stands in a task beside its card, for staff to whom it is open. The address is shown on demand."""

    alias: str | None
    meeting_point: str | None
    has_address: bool


def list_pool(
    actor: Actor, *, shown: str = "open", after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[PoolRow], str | None]:
    """Tasks that the actor may manage or follow, the soonest first: with undecided claims ("claims"), or by state."""
    pending = (
        sa.select(sa.func.count())
        .select_from(Claim)
        .where(Claim.task_id == Task.id, Claim.state == ClaimState.PENDING)
        .correlate(Task)
        .scalar_subquery()
    )
    statement = sa.select(
        Task.id,
        Task.public_id,
        Task.reference,
        Task.kind,
        Task.state,
        Task.region,
        Task.starts_at,
        Task.places,
        Task.taken,
        pending,
        Task.held_at.is_not(None),
    ).where(visible_tasks(actor))
    if shown == "claims":
        waiting = sa.select(Claim.task_id).where(Claim.state == ClaimState.PENDING)
        statement = statement.where(Task.id.in_(waiting))
    else:
        statement = statement.where(Task.state.in_(FILTERS[shown]))
    if after:
        starts_at, last_id = decode(after, datetime, int)
        statement = statement.where(sa.tuple_(Task.starts_at, Task.id) > (starts_at, last_id))
    rows = [PoolRow(*row) for row in db.session.execute(statement.order_by(Task.starts_at, Task.id).limit(limit + 1))]
    following = encode(rows[limit - 1].starts_at, rows[limit - 1].id) if len(rows) > limit else None
    return rows[:limit], following


def get(actor: Actor, public_id: str) -> Task:
    """A task that staff may see, with its case. Raises NotFound."""
    task = db.session.scalar(
        sa.select(Task).options(joinedload(Task.case)).where(Task.public_id == public_id, visible_tasks(actor))
    )
    if task is None:
        raise NotFound
    return task


def private(actor: Actor, task: Task) -> Private:
    """What the page shows of a task that `get` has found."""
    relation = usual_relation(actor.role)
    is_open = opens(FieldGroup.TASK_PRIVATE, relation)
    return Private(
        alias=task.alias if is_open else None,
        meeting_point=task.meeting_point if is_open else None,
        has_address=has_address(task),
    )


def has_address(task: Task) -> bool:
    """Whether a task has an address, without reading it."""
    return bool(db.session.scalar(sa.select(Task.address.is_not(None)).where(Task.id == task.id)))


def get_claim(actor: Actor, public_id: str) -> Claim:
    """A claim on a task that staff may see, with task and volunteer. Raises NotFound."""
    claim = db.session.scalar(
        sa.select(Claim)
        .join(Claim.task)
        .options(joinedload(Claim.task), joinedload(Claim.volunteer))
        .where(Claim.public_id == public_id, visible_tasks(actor))
    )
    if claim is None:
        raise NotFound
    return claim
