"""Furnishing help: begun, planned, bought for, delivered."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.safety import PlacementPath
from portal.core.states import FurnishingState, ItemState
from portal.db import db
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.furnishing import STEPS, TEMPLATE, FurnishingAction, Room, Source, progress
from portal.domain.workflow import check_step, check_version
from portal.models.enrolments import Enrolment
from portal.models.furnishing import FurnishingItem, FurnishingProject
from portal.models.volunteers import Volunteer
from portal.services import audit, deadlines, placements
from portal.services.task_holds import is_held

# The steps in which somebody comes to her home.
VISITS = frozenset({FurnishingAction.SCOPE, FurnishingAction.SCHEDULE, FurnishingAction.DELIVER})
ENDED = (FurnishingState.CLOSED, FurnishingState.CANCELLED)


def open_project(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Begin the project of an enrolment: the coordinator answers within ten weekdays (R-145)."""
    project = FurnishingProject(
        public_id=new_public_id(),
        enrolment_id=enrolment.id,
        organisation_id=enrolment.organisation_id,
        state=FurnishingState.REQUESTED,
        held_at=now if is_held(enrolment.case_id) else None,
    )
    db.session.add(project)
    db.session.flush()
    deadlines.put_up(
        DeadlineKind.FURNISHING_ANSWER,
        SubjectType.FURNISHING,
        project.public_id,
        due_on=due_on(ClockKey.FURNISHING_ANSWER, local_date(now)),
        organisation_id=enrolment.organisation_id,
        queue_role=Role.VOLUNTEER_COORDINATOR,
        case_id=enrolment.case_id,
        now=now,
    )


def call_off(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """End a project that was begun by a slip: nobody has worked on it (R-784)."""
    project = db.session.scalars(
        sa.select(FurnishingProject).where(FurnishingProject.enrolment_id == enrolment.id)
    ).one()
    project.state = FurnishingState.CANCELLED
    deadlines.call_off(project.public_id, actor=actor, now=now)
    audit.record(
        Audit.FURNISHING_CHANGED,
        SubjectType.FURNISHING,
        project.public_id,
        actor=actor,
        now=now,
        case_id=enrolment.case_id,
        fields=[FurnishingAction.CANCEL.value],
    )


def advance(
    project: FurnishingProject,
    action: FurnishingAction,
    *,
    actor: Actor,
    now: datetime,
    work_day_on: date | None = None,
) -> None:
    """Take the next step (R-145). Raises Invalid where something is missing for it, NotNow at the wrong moment.

    A work day needs four fifths of what must be there (R-146), and lies ahead. While visits to her wait, nothing is
    brought and no work day is fixed (R-762).
    """
    step = check_step(STEPS, action, project.state, actor)
    if action in VISITS and project.held_at is not None:
        raise NotNow(_("Visits have been put off. Wait until they are on again."))
    if action is FurnishingAction.SCHEDULE:
        _check_work_day(project, work_day_on, now)
        project.work_day_on = work_day_on
    project.state = step.target
    db.session.flush()
    audit.record(
        step.audit,
        SubjectType.FURNISHING,
        project.public_id,
        actor=actor,
        now=now,
        case_id=project.enrolment.case_id,
        fields=[action.value],
    )
    if action in (FurnishingAction.ACCEPT, FurnishingAction.CANCEL):
        deadlines.call_off(project.public_id, actor=actor, now=now)


def _check_work_day(project: FurnishingProject, work_day_on: date | None, now: datetime) -> None:
    if work_day_on is None or work_day_on < local_date(now):
        raise Invalid(_("Choose a work day that lies ahead."), field="work_day_on")
    rows = db.session.execute(
        sa.select(FurnishingItem.is_must, FurnishingItem.state, FurnishingItem.cost_ore).where(
            FurnishingItem.project_id == project.id
        )
    )
    if not progress((is_must, state, cost) for is_must, state, cost in rows).is_ready:
        raise Invalid(_("First at least four fifths of what must be there have to be found."), field="work_day_on")


def plan(
    project: FurnishingProject,
    *,
    wishes: str | None,
    budget_ore: int,
    architect: Volunteer | None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Write down her wishes, the budget in øre and who plans the rooms. Raises Stale."""
    _check_open(project)
    check_version(version, project.version)
    if architect is not None and architect.id != project.architect_id:
        placements.check(PlacementPath.FURNISHING, project.public_id, architect.public_id, now=now)
    project.wishes, project.budget_ore = wishes, budget_ore
    project.architect_id = architect.id if architect else None
    db.session.flush()
    audit.record(
        Audit.FURNISHING_CHANGED,
        SubjectType.FURNISHING,
        project.public_id,
        actor=actor,
        now=now,
        case_id=project.enrolment.case_id,
        fields=["wishes", "budget_ore", "architect_id"],
    )


def add_item(
    project: FurnishingProject, *, room: Room, what: str, quantity: int, is_must: bool, actor: Actor, now: datetime
) -> FurnishingItem:
    """Put a thing on the list."""
    _check_open(project)
    item = FurnishingItem(
        public_id=new_public_id(),
        project_id=project.id,
        room=room.value,
        what=what,
        quantity=quantity,
        is_must=is_must,
        state=ItemState.NEEDED,
        cost_ore=0,
    )
    db.session.add(item)
    db.session.flush()
    _record_item(project, item, actor, now)
    return item


def add_template(project: FurnishingProject, *, actor: Actor, now: datetime) -> None:
    """Begin the list with what most homes need. Raises NotNow when something stands there already."""
    _check_open(project)
    if db.session.scalar(sa.select(FurnishingItem.id).where(FurnishingItem.project_id == project.id).limit(1)):
        raise NotNow
    for room, what, quantity in TEMPLATE:
        add_item(project, room=room, what=str(what), quantity=quantity, is_must=True, actor=actor, now=now)


def set_item(
    project: FurnishingProject,
    item: FurnishingItem,
    *,
    state: ItemState,
    source: Source | None,
    cost_ore: int,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Note how far a thing has come. Raises Invalid when the budget would not hold (R-147), Stale."""
    _check_open(project)
    check_version(version, item.version)
    others = (
        db.session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(FurnishingItem.cost_ore), 0)).where(
                FurnishingItem.project_id == project.id,
                FurnishingItem.id != item.id,
                FurnishingItem.state != ItemState.DROPPED,
            )
        )
        or 0
    )
    if cost_ore and others + cost_ore > project.budget_ore:
        raise Invalid(_("That is more than the budget holds."), field="cost_ore")
    item.state, item.source, item.cost_ore = state, source.value if source else None, cost_ore
    db.session.flush()
    _record_item(project, item, actor, now)


def _check_open(project: FurnishingProject) -> None:
    # The project's row is held: what two people add or buy at once is counted one after the other.
    db.session.refresh(project, ["state", "budget_ore", "version"], with_for_update=True)
    if project.state in ENDED:
        raise NotNow


def _record_item(project: FurnishingProject, item: FurnishingItem, actor: Actor, now: datetime) -> None:
    audit.record(
        Audit.FURNISHING_ITEM_CHANGED,
        SubjectType.FURNISHING,
        project.public_id,
        actor=actor,
        now=now,
        case_id=project.enrolment.case_id,
        fields=[item.state.value],
    )
