"""Who is reminded of what, when, how often: once when it is near, once when it has passed."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db, transaction
from portal.jobs import runner
from portal.jobs.reminders import remind_deadlines
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.outbox import OutgoingMail
from portal.models.users import Membership
from portal.queries import outbox as outbox_queries
from portal.queries import reminders as reminder_queries
from portal.services import deadlines, reminders
from tests.factories.people import make_member
from tests.jobs.conftest import NOW, Clock

TODAY = local_date(NOW)


def put_up(
    member: Membership, name: str, due_on: date, *, owner: bool = True, role: Role | None = None, days_ago: int = 5
) -> None:
    with transaction():
        deadlines.put_up(
            DeadlineKind.FIRST_CONTACT,
            SubjectType.ENROLMENT,
            name,
            due_on=due_on,
            organisation_id=member.organisation_id,
            owner_id=member.user_id if owner else None,
            queue_role=role,
            now=NOW - timedelta(days=days_ago),
        )


def told() -> list[tuple[int, MessageKind, str | None]]:
    db.session.rollback()
    rows = db.session.execute(
        sa.select(Message.recipient_id, Message.kind, Message.subject_public_id).order_by(Message.id)
    )
    return [(user_id, kind, name) for user_id, kind, name in rows]


@pytest.mark.parametrize(
    ("days", "kind"),
    [(-1, MessageKind.DEADLINE_PASSED), (0, MessageKind.DEADLINE_NEAR), (3, MessageKind.DEADLINE_NEAR), (4, None)],
)
def test_what_is_near_or_has_passed_is_told_once(receiver: Membership, days: int, kind: MessageKind | None) -> None:
    put_up(receiver, "a", TODAY + timedelta(days=days))
    assert remind_deadlines(NOW) == (kind is not None)
    assert remind_deadlines(NOW + timedelta(minutes=15)) == 0
    assert told() == ([(receiver.user_id, kind, "a")] if kind else [])
    about = db.session.scalars(sa.select(Message.deadline_kind)).all()
    assert about == ([DeadlineKind.FIRST_CONTACT] if kind else [])


def test_it_is_told_again_when_it_has_passed_and_then_no_more(receiver: Membership, clock: Clock) -> None:
    put_up(receiver, "a", TODAY + timedelta(days=1))
    for _ in range(96 * 4):
        remind_deadlines(clock.wait(minutes=15))
    assert [kind for _, kind, _ in told()] == [MessageKind.DEADLINE_NEAR, MessageKind.DEADLINE_PASSED]


def test_passed_means_after_the_danish_day(receiver: Membership) -> None:
    put_up(receiver, "a", TODAY)
    remind_deadlines(NOW)
    evening = NOW.replace(hour=22, minute=59)
    assert remind_deadlines(evening) == 0
    assert remind_deadlines(evening + timedelta(minutes=1)) == 1


def test_who_put_it_up_today_is_not_reminded_today(receiver: Membership) -> None:
    put_up(receiver, "a", TODAY + timedelta(days=1), days_ago=0)
    assert remind_deadlines(NOW) == 0
    assert remind_deadlines(NOW + timedelta(days=1)) == 1


def test_a_deadline_that_is_moved_is_told_anew(receiver: Membership) -> None:
    put_up(receiver, "a", TODAY + timedelta(days=1))
    remind_deadlines(NOW)
    put_up(receiver, "a", TODAY + timedelta(days=2))
    assert remind_deadlines(NOW + timedelta(days=1)) == 1
    assert len(told()) == 2


def test_what_is_done_or_called_off_is_silent(receiver: Membership) -> None:
    put_up(receiver, "a", TODAY)
    put_up(receiver, "b", TODAY)
    with transaction():
        deadlines.finish(DeadlineKind.FIRST_CONTACT, "a", actor=SYSTEM, now=NOW)
        deadlines.call_off("b", actor=SYSTEM, now=NOW)
    assert remind_deadlines(NOW) == 0


def test_without_an_owner_the_queues_role_is_told_else_the_lead(receiver: Membership) -> None:
    with transaction():
        intake = [make_member(Role.INTAKE, receiver.organisation, now=NOW).user_id for _ in range(2)]
        lead = make_member(Role.PROGRAMME_LEAD, receiver.organisation, now=NOW).user_id
        make_member(Role.PROGRAMME_LEAD, now=NOW)
    put_up(receiver, "queue", TODAY, owner=False, role=Role.INTAKE)
    put_up(receiver, "nobody", TODAY, owner=False)
    put_up(receiver, "empty", TODAY, owner=False, role=Role.HOUSING_COORDINATOR)
    assert remind_deadlines(NOW) == 3
    found = [(user_id, name) for user_id, _, name in told()]
    assert found == [(intake[0], "queue"), (intake[1], "queue"), (lead, "nobody"), (lead, "empty")]


def test_what_an_owner_who_left_has_goes_to_the_lead(receiver: Membership) -> None:
    with transaction():
        lead = make_member(Role.PROGRAMME_LEAD, receiver.organisation, now=NOW).user_id
        db.session.execute(sa.update(Membership).where(Membership.id == receiver.id).values(ended_at=NOW))
    put_up(receiver, "a", TODAY)
    remind_deadlines(NOW)
    assert [user_id for user_id, _, _ in told()] == [lead]


def test_one_mail_a_day_however_much_waits(receiver: Membership) -> None:
    for name in "abc":
        put_up(receiver, name, TODAY)
    assert remind_deadlines(NOW) == 3
    put_up(receiver, "d", TODAY)
    remind_deadlines(NOW + timedelta(hours=1))
    sent = list(db.session.scalars(sa.select(OutgoingMail)))
    assert [(m.template, m.dedupe_key) for m in sent] == [
        ("reminder_digest", f"reminder_digest:{receiver.user_id}:{TODAY}")
    ]


def test_a_second_worker_loses(app: Flask, receiver: Membership) -> None:
    put_up(receiver, "a", TODAY)
    [deadline_id] = reminder_queries.list_due_ids(TODAY)
    with transaction():
        assert reminders.remind(deadline_id, actor=SYSTEM, now=NOW)
    with transaction():
        assert not reminders.remind(deadline_id, actor=SYSTEM, now=NOW)
    assert len(told()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == "reminder:sent")) == 1


def test_one_that_fails_does_not_stop_the_rest_and_is_parked_after_five(receiver: Membership, clock: Clock) -> None:
    for number, name in enumerate("abc"):
        put_up(receiver, name, TODAY - timedelta(days=3 - number))
    with transaction():
        # A role that no longer exists: this one cannot be told to anybody.
        db.session.execute(
            sa.update(Deadline).where(Deadline.subject_public_id == "b").values(owner_id=None, queue_role="gone")
        )
    for _ in range(7):
        remind_deadlines(clock.wait(minutes=15))
    assert [name for _, _, name in told()] == ["a", "c"]
    parked = db.session.scalars(sa.select(Deadline).where(Deadline.subject_public_id == "b")).one()
    assert (parked.remind_attempts, parked.reminded_at) == (5, None)
    health = outbox_queries.health(NOW, {})
    assert (health.reminders_parked, health.is_well) == (1, False)


def test_the_list_is_cut_and_goes_on_next_time(committed: Session, receiver: Membership) -> None:
    for name in "abcd":
        put_up(receiver, name, TODAY)
    assert len(reminder_queries.list_due_ids(TODAY, limit=3)) == 3


def test_where_nobody_is_left_it_is_parked_in_sight(receiver: Membership) -> None:
    put_up(receiver, "a", TODAY, owner=False)
    for _ in range(6):
        assert remind_deadlines(NOW) == 0
    assert told() == []
    assert outbox_queries.health(NOW, {}).reminders_parked == 1


def test_a_worker_that_is_asked_to_stop_leaves_the_rest(receiver: Membership) -> None:
    put_up(receiver, "a", TODAY)
    runner.stopping.set()
    assert remind_deadlines(NOW) == 0
