"""Tasks are taken by one per place, and nothing is left half-done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, joinedload

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.messages import MessageKind
from portal.core.states import ClaimState, TaskState
from portal.core.volunteers import TaskOutcome
from portal.db import db, transaction
from portal.models.audit import AuditEntry
from portal.models.messages import Message
from portal.models.tasks import Claim, Task
from portal.models.volunteers import Volunteer
from portal.services import claims, task_addresses, tasks
from tests.factories.people import actor_of, make_member
from tests.factories.tasks import make_pool, make_task, make_volunteer


@pytest.mark.usefixtures("session")
def test_a_claim_tells_the_coordinator_and_fills_the_place() -> None:
    coordinator, member, volunteer = make_pool()
    task, now = make_task(coordinator), utc_now()
    claims.claim(task, volunteer, actor=actor_of(member), now=now)
    db.session.refresh(task)
    told = db.session.scalars(sa.select(Message)).all()
    assert (task.state, task.taken) == (TaskState.FULL, 1)
    assert [(m.recipient_id, m.kind) for m in told] == [(coordinator.user_id, MessageKind.TASK_CLAIMED)]


@pytest.mark.usefixtures("session")
def test_the_same_volunteer_twice_is_one_claim() -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator)
    first = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    assert claims.claim(task, volunteer, actor=actor_of(member), now=utc_now()) is first


@pytest.mark.usefixtures("session")
def test_the_second_volunteer_is_told_that_she_came_second() -> None:
    coordinator, member, volunteer = make_pool()
    other = make_member(member.role, coordinator.organisation)
    second = make_volunteer(other, actor_of(coordinator))
    task = make_task(coordinator)
    claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    with pytest.raises(claims.TaskTaken):
        claims.claim(task, second, actor=actor_of(other), now=utc_now())


@pytest.mark.usefixtures("session")
def test_without_a_certificate_there_are_no_tasks_with_children() -> None:
    coordinator, member, volunteer = make_pool()
    volunteer.certificate_until = None
    with pytest.raises(Forbidden):
        claims.claim(make_task(coordinator, has_children=True), volunteer, actor=actor_of(member), now=utc_now())


@pytest.mark.usefixtures("session")
def test_giving_back_opens_the_place_again_and_late_asks_why() -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator, ahead=timedelta(hours=5))
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    with pytest.raises(Invalid):
        claims.release(claim, reason=None, actor=actor_of(member), now=utc_now())
    claims.release(claim, reason="syg", actor=actor_of(member), now=utc_now())
    assert (task.state, task.taken, claim.state) == (TaskState.PUBLISHED, 0, ClaimState.RELEASED)


@pytest.mark.usefixtures("session")
def test_hours_cannot_be_logged_before_the_task_begins() -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    report = {"minutes": 120, "outcome": TaskOutcome.WENT_WELL, "text": None, "actor": actor_of(member)}
    with pytest.raises(Invalid):
        claims.report(claim, now=utc_now(), **report)
    claims.report(claim, now=task.ends_at, **report)
    assert (task.state, claim.minutes) == (TaskState.REPORTED, 120)
    with pytest.raises(NotNow):
        claims.report(claim, now=task.ends_at, **report)


@pytest.mark.usefixtures("session")
def test_only_the_cases_own_team_lets_a_volunteer_see_the_address() -> None:
    coordinator, member, volunteer = make_pool()
    claim = claims.claim(make_task(coordinator), volunteer, actor=actor_of(member), now=utc_now())
    claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    with pytest.raises(Forbidden):
        task_addresses.approve_address(claim, actor=actor_of(coordinator), now=utc_now())


@pytest.mark.usefixtures("session")
def test_calling_off_tells_everybody_who_has_taken_it() -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    tasks.cancel(task, actor=actor_of(coordinator), now=utc_now())
    told = db.session.scalars(sa.select(Message.kind).where(Message.recipient_id == member.user_id)).all()
    assert (task.state, claim.state) == (TaskState.CANCELLED, ClaimState.WITHDRAWN_BY_STAFF)
    assert told == [MessageKind.TASK_CANCELLED]


@pytest.mark.usefixtures("session")
def test_every_step_leaves_a_trace_without_a_name() -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator)
    claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_public_id == task.public_id)).all()
    assert [entry.action.value for entry in entries] == ["task:published", "task:claimed"]


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("ahead", "hours", "field"),
    [(timedelta(days=1), 0, "ends"), (timedelta(days=1), -1, "ends"), (-timedelta(1), 2, "on")],
)
def test_a_task_lies_ahead_and_ends_after_it_begins(ahead: timedelta, hours: int, field: str) -> None:
    coordinator, now = make_pool()[0], utc_now()
    start = now + ahead
    with pytest.raises(Invalid) as refusal:
        make_task(coordinator, now=now, ahead=ahead, ends_at=start + timedelta(hours=hours))
    assert refusal.value.field == field


@pytest.mark.usefixtures("session")
def test_verified_hours_are_closed_and_on_record() -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    claims.report(claim, minutes=60, outcome=TaskOutcome.WENT_WELL, text=None, actor=actor_of(member), now=task.ends_at)
    tasks.verify(task, actor=actor_of(coordinator), now=task.ends_at)
    last = sa.select(AuditEntry.action).where(AuditEntry.subject_public_id == task.public_id).order_by(AuditEntry.id)
    assert task.state is TaskState.VERIFIED
    assert db.session.scalars(last).all()[-1] is Audit.TASK_VERIFIED
    with pytest.raises(NotNow):
        tasks.verify(task, actor=actor_of(coordinator), now=task.ends_at)


@pytest.mark.usefixtures("session")
def test_only_untaken_tasks_come_off_the_board_when_their_time_has_come() -> None:
    coordinator, member, volunteer = make_pool()
    free, taken, later = make_task(coordinator), make_task(coordinator, places=2), make_task(coordinator)
    claims.claim(taken, volunteer, actor=actor_of(member), now=utc_now())
    later.starts_at, later.ends_at = later.starts_at + timedelta(days=9), later.ends_at + timedelta(days=9)
    db.session.flush()
    assert tasks.expire_past(actor=SYSTEM, now=free.starts_at) == 1
    assert tasks.expire_past(actor=SYSTEM, now=free.starts_at) == 0
    db.session.expire_all()
    assert [task.state for task in (free, taken, later)] == [
        TaskState.EXPIRED,
        TaskState.PUBLISHED,
        TaskState.PUBLISHED,
    ]


class TestAtOnce:
    """Really concurrent: several connections, real commits."""

    def test_eight_volunteers_claim_one_task_and_one_wins(self, app: Flask, committed: Session) -> None:
        with transaction():
            coordinator, _member, first = make_pool()
            volunteers = [first.id]
            for _ in range(7):
                member = make_member(_member.role, coordinator.organisation)
                volunteers.append(make_volunteer(member, actor_of(coordinator)).id)
            task_id, actor = make_task(coordinator).id, actor_of(_member)
        barrier = Barrier(len(volunteers), timeout=60)

        def claim(volunteer_id: int) -> bool:
            with app.app_context():
                volunteer, task = db.session.get_one(Volunteer, volunteer_id), db.session.get_one(Task, task_id)
                barrier.wait()
                try:
                    with transaction():
                        claims.claim(task, volunteer, actor=actor, now=utc_now())
                    return True
                except claims.TaskTaken:
                    return False

        with ThreadPoolExecutor(len(volunteers)) as pool:
            won = list(pool.map(claim, volunteers))
        assert won.count(True) == 1
        assert committed.scalar(sa.select(sa.func.count()).select_from(Claim)) == 1


def test_two_volunteers_who_are_confirmed_at_once_make_the_task_confirmed(app: Flask, committed: Session) -> None:
    with transaction():
        coordinator, member, volunteer = make_pool()
        second = make_member(Role.VOLUNTEER, coordinator.organisation)
        pairs = ((member, volunteer), (second, make_volunteer(second, actor_of(coordinator))))
        task, actor, now = make_task(coordinator, places=2), actor_of(coordinator), utc_now()
        ids = [claims.claim(task, one, actor=actor_of(who), now=now).id for who, one in pairs]
        task_id = task.id
    barrier = Barrier(2, timeout=60)

    def confirm(claim_id: int) -> None:
        with app.app_context():
            options = joinedload(Claim.task), joinedload(Claim.volunteer)
            claim = db.session.scalars(sa.select(Claim).options(*options).where(Claim.id == claim_id)).one()
            barrier.wait()
            with transaction():
                claims.confirm(claim, actor=actor, now=now)
                # The other one is under way meanwhile.
                sleep(0.2)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(confirm, ids))
    assert committed.get_one(Task, task_id, populate_existing=True).state is TaskState.CONFIRMED
