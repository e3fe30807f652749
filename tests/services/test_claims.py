"""What becomes of a claim: confirmed, allowed the address, taken back, reported, and a concern for the team."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.states import ClaimState, DeadlineState, TaskState
from portal.core.volunteers import TaskOutcome
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.tasks import Claim, Task
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.queries.clock import database_now
from portal.services import audit, claims, reveals, task_addresses, tasks
from tests.factories.people import actor_of, agree, make_case, make_member
from tests.factories.tasks import make_pool, make_task, make_volunteer

pytestmark = pytest.mark.usefixtures("session")


def take(task: Task, volunteer: Volunteer, member: Membership, *, confirmed_by: Membership | None = None) -> Claim:
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    if confirmed_by is not None:
        claims.confirm(claim, actor=actor_of(confirmed_by), now=utc_now())
    return claim


def report(claim: Claim, member: Membership, outcome: TaskOutcome = TaskOutcome.WENT_WELL) -> None:
    claims.report(claim, minutes=60, outcome=outcome, text="Hun græd", actor=actor_of(member), now=claim.task.ends_at)


def make_second(coordinator: Membership) -> tuple[Membership, Volunteer]:
    member = make_member(Role.VOLUNTEER, coordinator.organisation)
    return member, make_volunteer(member, actor_of(coordinator))


def told(user_id: int) -> list[MessageKind]:
    kinds = sa.select(Message.kind).where(Message.recipient_id == user_id).order_by(Message.id)
    return list(db.session.scalars(kinds))


def test_confirming_fills_the_task_tells_her_and_puts_the_report_on_her_list() -> None:
    coordinator, member, volunteer = make_pool()
    claim = take(make_task(coordinator), volunteer, member, confirmed_by=coordinator)
    (row,) = db.session.scalars(sa.select(Deadline).where(Deadline.subject_public_id == claim.public_id))
    assert (claim.task.state, claim.confirmed_by_id) == (TaskState.CONFIRMED, coordinator.user_id)
    assert (row.kind, row.owner_id, row.due_on) == (
        DeadlineKind.TASK_REPORT,
        member.user_id,
        local_date(claim.task.ends_at),
    )
    assert told(member.user_id) == [MessageKind.TASK_CONFIRMED]


def test_nobody_is_confirmed_whose_training_is_missing_by_now() -> None:
    coordinator, member, volunteer = make_pool()
    claim = take(make_task(coordinator), volunteer, member)
    volunteer.trained_on = None
    with pytest.raises(Forbidden):
        claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    assert claim.state is ClaimState.PENDING


def test_the_cases_team_lets_a_confirmed_volunteer_see_the_address_and_it_is_written_down() -> None:
    coordinator, member, volunteer = make_pool()
    contact = make_member()
    claim = take(make_task(coordinator, case_id=make_case(contact).id), volunteer, member)
    with pytest.raises(Invalid):
        task_addresses.approve_address(claim, actor=actor_of(contact), now=utc_now())
    claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    task_addresses.approve_address(claim, actor=actor_of(contact), now=utc_now())
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_public_id == claim.public_id)).one()
    assert claim.may_see_address
    assert (entry.action, entry.fields, entry.case_id) == (
        Audit.TASK_CONFIRMED,
        ["may_see_address"],
        claim.task.case_id,
    )


def test_looking_at_the_address_leaves_a_trace() -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator, ahead=timedelta(hours=2))
    claim = take(task, volunteer, member, confirmed_by=coordinator)
    claim.may_see_address = True
    db.session.flush()
    secret = task_addresses.its_address(claim, actor=actor_of(member))
    shown = reveals.reveal(secret, reason="Jeg er på vej til opgaven", actor=actor_of(member), now=utc_now())
    assert shown == "Hemmeligvej 1"
    seen = sa.select(AuditEntry.actor_id).where(AuditEntry.action == Audit.ADDRESS_REVEALED)
    assert db.session.scalars(seen).all() == [member.user_id]


def test_a_task_that_is_taken_back_is_free_again_and_she_is_told() -> None:
    coordinator, member, volunteer = make_pool()
    claim = take(make_task(coordinator), volunteer, member, confirmed_by=coordinator)
    claim.may_see_address = True
    claims.take_back(claim, actor=actor_of(coordinator), now=utc_now())
    assert (claim.state, claim.may_see_address) == (ClaimState.WITHDRAWN_BY_STAFF, False)
    assert (claim.task.state, claim.task.taken) == (TaskState.PUBLISHED, 0)
    assert told(member.user_id) == [MessageKind.TASK_CONFIRMED, MessageKind.TASK_RELEASED]
    left = sa.select(Deadline.state).where(Deadline.subject_public_id == claim.public_id)
    assert db.session.scalars(left).all() == [DeadlineState.CANCELLED]
    with pytest.raises(NotNow):
        claims.take_back(claim, actor=actor_of(coordinator), now=utc_now())


def test_a_concern_reaches_the_primary_of_the_case_the_same_day() -> None:
    coordinator, member, volunteer = make_pool()
    contact = make_member()
    task = make_task(coordinator, case_id=make_case(contact).id)
    claim = take(task, volunteer, member, confirmed_by=coordinator)
    report(claim, member, TaskOutcome.CONCERN)
    check = db.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.WELFARE_CHECK)).one()
    assert (check.owner_id, check.case_id, check.due_on) == (contact.user_id, task.case_id, local_date(task.ends_at))
    assert told(contact.user_id) == [MessageKind.CONCERN_RAISED]


def test_no_concern_troubles_nobody() -> None:
    coordinator, member, volunteer = make_pool()
    contact = make_member()
    claim = take(make_task(coordinator, case_id=make_case(contact).id), volunteer, member, confirmed_by=coordinator)
    report(claim, member)
    assert told(contact.user_id) == []
    assert db.session.scalar(sa.select(Deadline.id).where(Deadline.kind == DeadlineKind.WELFARE_CHECK)) is None


def test_a_task_for_two_is_settled_when_both_are() -> None:
    coordinator, member, volunteer = make_pool()
    other, second = make_second(coordinator)
    task = make_task(coordinator, places=2)
    first_claim = take(task, volunteer, member, confirmed_by=coordinator)
    db.session.refresh(task)
    assert task.state is TaskState.PUBLISHED
    second_claim = take(task, second, other)
    db.session.refresh(task)
    assert task.state is TaskState.FULL
    claims.confirm(second_claim, actor=actor_of(coordinator), now=utc_now())
    assert task.state is TaskState.CONFIRMED
    report(first_claim, member)
    assert task.state is TaskState.CONFIRMED
    report(second_claim, other)
    assert task.state is TaskState.REPORTED


def test_hours_are_verified_also_when_the_other_place_stayed_free() -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator, places=2)
    report(take(task, volunteer, member, confirmed_by=coordinator), member)
    assert task.state is TaskState.REPORTED
    tasks.verify(task, actor=actor_of(coordinator), now=task.ends_at)
    assert task.state is TaskState.VERIFIED


def test_saying_no_to_the_last_unconfirmed_one_after_the_task_leaves_the_others_hours_to_verify() -> None:
    coordinator, member, volunteer = make_pool()
    other, second = make_second(coordinator)
    task = make_task(coordinator, places=2)
    done = take(task, volunteer, member, confirmed_by=coordinator)
    left = take(task, second, other)
    report(done, member)
    assert task.state is not TaskState.REPORTED
    claims.take_back(left, actor=actor_of(coordinator), now=task.ends_at + timedelta(hours=1))
    assert task.state is TaskState.REPORTED


def test_a_volunteer_to_whom_they_said_no_does_not_take_the_task_again() -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator)
    claims.take_back(take(task, volunteer, member), actor=actor_of(coordinator), now=utc_now())
    with pytest.raises(claims.TaskTaken):
        take(task, volunteer, member)
    assert task.taken == 0


def in_window(house: tuple[Membership, Membership, Volunteer]) -> Claim:
    """A task for another woman each time, which begins in an hour and whose address she may see."""
    coordinator, member, volunteer = house
    contact = make_member()
    case = make_case(contact)
    agree(case, coordinator.organisation_id)
    task = make_task(coordinator, ahead=timedelta(hours=1), case_id=case.id)
    claim = take(task, volunteer, member, confirmed_by=coordinator)
    task_addresses.approve_address(claim, actor=actor_of(contact), now=utc_now())
    return claim


def has_looked(claim: Claim, member: Membership, ago: timedelta) -> None:
    what = (Audit.ADDRESS_REVEALED, SubjectType.CLAIM, claim.public_id)
    audit.record(*what, actor=actor_of(member), now=database_now() - ago, case_id=claim.task.case_id)


def look(claim: Claim, member: Membership) -> str:
    secret = task_addresses.its_address(claim, actor=actor_of(member))
    return reveals.reveal(secret, reason="Jeg er på vej til opgaven", actor=actor_of(member), now=database_now())


DAY, MONTH, SECOND = timedelta(hours=24), timedelta(days=30), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("ago", "is_shown"),
    [
        # One woman in a day.
        ([DAY - timedelta(minutes=1)], False),
        ([DAY + SECOND], True),
        # Five in thirty days: this one is the fifth, the sixth, and the fifth again as the first was longer ago.
        ([2 * DAY] * 3 + [MONTH - timedelta(minutes=1)], True),
        ([2 * DAY] * 4 + [MONTH - timedelta(minutes=1)], False),
        ([2 * DAY] * 4 + [MONTH + SECOND], True),
    ],
)
def test_a_volunteer_sees_where_one_woman_is_in_a_day_and_five_in_a_month(ago: list[timedelta], is_shown: bool) -> None:
    house = make_pool()
    member = house[1]
    for long_ago in ago:
        has_looked(in_window(house), member, long_ago)
    claim = in_window(house)
    if is_shown:
        assert look(claim, member) == "Hemmeligvej 1"
    else:
        with pytest.raises(Forbidden):
            look(claim, member)


def test_the_same_woman_again_is_no_other_and_somebody_elses_looks_are_not_hers() -> None:
    house = make_pool()
    coordinator, member, _volunteer = house
    other, _second = make_second(coordinator)
    claim = in_window(house)
    has_looked(in_window(house), other, timedelta(hours=1))
    for hours in range(1, 7):
        has_looked(claim, member, timedelta(hours=hours))
    assert look(claim, member) == "Hemmeligvej 1"


def test_her_looks_count_at_every_association_that_she_helps() -> None:
    house = make_pool()
    coordinator, member, _volunteer = make_pool()
    elsewhere = Membership(user_id=house[1].user_id, organisation_id=coordinator.organisation_id, role=member.role)
    db.session.add(elsewhere)
    db.session.flush()
    there = (coordinator, elsewhere, make_volunteer(elsewhere, actor_of(coordinator)))
    has_looked(in_window(house), house[1], timedelta(hours=1))
    with pytest.raises(Forbidden):
        look(in_window(there), elsewhere)
