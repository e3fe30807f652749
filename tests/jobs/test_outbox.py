"""From a change to a mail that the provider took on, and everything that can go wrong between."""

import contextvars
import socket
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db, transaction
from portal.demo.mail_taker import Answer, MailTaker
from portal.domain.outbox import HARD_STOP
from portal.jobs import runner
from portal.jobs.outbox import FAILURES_IN_A_ROW, send_outbox, send_waiting
from portal.mailer import MemoryMailer, Permanent, SendGridMailer, Temporary, Unknown
from portal.models.audit import AuditEntry
from portal.models.messages import Message
from portal.models.outbox import MailState, OutgoingMail
from portal.models.users import Membership, User
from portal.queries import outbox as outbox_queries
from portal.services import mail, messages
from tests.factories.people import actor_of, make_member
from tests.jobs.conftest import NOW, Clock, mails, tell, the_mail


def test_a_message_becomes_a_mail_that_names_nothing(
    receiver: Membership, taker: MailTaker, mailer: SendGridMailer, clock: Clock
) -> None:
    address = receiver.user.email
    tell(receiver.user_id, "a")
    assert send_waiting(mailer, clock=clock) == 1
    [received] = taker.letters()
    sent = the_mail()
    assert received["to"] == address
    assert received["subject"] == "Der er nyt i portalen"
    assert received["custom_args"] == {"attempt_id": sent.attempt_id}
    assert (sent.state, sent.provider_id, sent.attempts) == (MailState.ACCEPTED, received["message_id"], 1)
    assert send_waiting(mailer, clock=clock) == 0
    assert len(taker.received) == 1


def test_the_same_news_is_told_once(receiver: Membership, clock: Clock) -> None:
    for _ in range(3):
        tell(receiver.user_id, "a")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1
    assert len(mails()) == 1
    with transaction():
        mail.queue("news", recipient_id=receiver.user_id, dedupe_key="news:a", now=NOW)
    assert len(mails()) == 1


def test_one_waiting_mail_does_for_several_messages(receiver: Membership, clock: Clock) -> None:
    for key in "abc":
        tell(receiver.user_id, key)
    assert len(mails()) == 1
    send_waiting(MemoryMailer(), clock=clock)
    tell(receiver.user_id, "d")
    assert len(mails()) == 2


def test_nobody_is_told_of_what_she_did_herself(receiver: Membership) -> None:
    with transaction():
        messages.notify(
            MessageKind.TASK_CLAIMED,
            receiver.user_id,
            SubjectType.TASK,
            "x",
            dedupe_key="own",
            actor=actor_of(receiver),
            now=NOW,
        )
    assert mails() == []


@pytest.mark.parametrize(
    "answer", [Answer.too_many(), Answer.broken(500), Answer.broken(503)], ids=["429", "500", "503"]
)
def test_the_change_stands_and_the_mail_waits_longer_each_time(
    receiver: Membership, taker: MailTaker, mailer: SendGridMailer, clock: Clock, answer: Answer
) -> None:
    tell(receiver.user_id, "a")
    taker.next_answers += [answer] * 3
    for minutes in (1, 2, 4):
        assert send_waiting(mailer, clock=clock) == 0
        waiting = the_mail()
        assert waiting.state is MailState.PENDING
        assert waiting.failure == f"http_{int(answer.status)}"
        wait = waiting.next_try_at - clock()
        assert timedelta(minutes=minutes * 0.8) <= wait <= timedelta(minutes=minutes * 1.2)
        assert send_waiting(mailer, clock=clock) == 0
        clock.now = waiting.next_try_at
    assert send_waiting(mailer, clock=clock) == 1
    assert taker.calls == 4
    assert len(taker.received) == 1


def test_the_wait_that_the_provider_names_is_kept(
    receiver: Membership, taker: MailTaker, mailer: SendGridMailer, clock: Clock
) -> None:
    tell(receiver.user_id, "a")
    taker.next_answers.append(Answer.too_many({"Retry-After": "600"}))
    send_waiting(mailer, clock=clock)
    assert the_mail().next_try_at == NOW + timedelta(seconds=600)


@pytest.mark.parametrize("is_kept", [True, False])
def test_an_unanswered_mail_is_sent_once_more_after_half_an_hour(
    receiver: Membership, taker: MailTaker, mailer: SendGridMailer, clock: Clock, is_kept: bool
) -> None:
    tell(receiver.user_id, "a")
    taker.next_answers.append(Answer.accept_then_reset() if is_kept else Answer.reset())
    send_waiting(mailer, clock=clock)
    first = the_mail()
    assert (first.state, first.resends) == (MailState.UNKNOWN, 0)
    first_attempt = first.attempt_id
    clock.wait(minutes=29)
    assert send_waiting(mailer, clock=clock) == 0
    clock.wait(minutes=1)
    assert send_waiting(mailer, clock=clock) == 1
    sent = the_mail()
    assert (sent.state, sent.resends) == (MailState.ACCEPTED, 1)
    assert sent.attempt_id != first_attempt
    assert len(taker.received) == 1 + is_kept


def test_a_mail_unanswered_twice_goes_to_a_person(
    receiver: Membership, taker: MailTaker, mailer: SendGridMailer, clock: Clock
) -> None:
    tell(receiver.user_id, "a")
    taker.next_answers += [Answer.hang(), Answer.reset()]
    for _ in range(4):
        send_waiting(mailer, clock=clock)
        clock.wait(minutes=31)
    assert the_mail().state is MailState.NEEDS_HUMAN
    assert taker.calls == 2


def test_a_mail_that_must_not_repeat_goes_to_a_person(
    receiver: Membership, taker: MailTaker, mailer: SendGridMailer, clock: Clock
) -> None:
    tell(receiver.user_id, "a")
    with transaction():
        db.session.execute(sa.update(OutgoingMail).values(may_resend=False))
    taker.next_answers.append(Answer.reset())
    send_waiting(mailer, clock=clock)
    clock.wait(minutes=31)
    assert send_waiting(mailer, clock=clock) == 0
    assert the_mail().state is MailState.NEEDS_HUMAN


def test_a_refusal_is_told_to_the_lead_at_once(
    receiver: Membership, taker: MailTaker, mailer: SendGridMailer, clock: Clock
) -> None:
    with transaction():
        lead = make_member(Role.PROGRAMME_LEAD, receiver.organisation, now=NOW)
        make_member(Role.PROGRAMME_LEAD, now=NOW)
    tell(receiver.user_id, "a")
    taker.next_answers.append(Answer.broken(400))
    send_waiting(mailer, clock=clock)
    assert the_mail().state is MailState.NEEDS_HUMAN
    told = list(db.session.scalars(sa.select(Message).where(Message.kind == "mail_failed")))
    assert [(m.recipient_id, m.subject_public_id) for m in told] == [(lead.user_id, receiver.user.public_id)]
    tags = list(db.session.scalars(sa.select(AuditEntry.action)))
    assert tags.count(Audit.MAIL_GIVEN_UP) == 1


def test_after_four_hours_of_failure_a_person_is_asked(receiver: Membership, clock: Clock) -> None:
    tell(receiver.user_id, "a")
    while clock() < NOW + HARD_STOP:
        send_waiting(MemoryMailer(problems=[Temporary("http_500")]), clock=clock)
        clock.wait(minutes=1)
    waiting = the_mail()
    assert 7 <= waiting.attempts <= 12
    send_waiting(MemoryMailer(), clock=clock)
    assert the_mail().state is MailState.NEEDS_HUMAN


def test_hours_without_a_worker_do_not_count_but_a_day_does(receiver: Membership, clock: Clock) -> None:
    tell(receiver.user_id, "a")
    clock.wait(hours=6)
    assert send_waiting(MemoryMailer(), clock=clock) == 1
    tell(receiver.user_id, "b", now=clock())
    clock.wait(hours=24)
    assert send_waiting(MemoryMailer(), clock=clock) == 0
    assert [m.state for m in mails()] == [MailState.ACCEPTED, MailState.EXPIRED]


def test_a_worker_that_died_leaves_the_mail_unknown(receiver: Membership, clock: Clock) -> None:
    tell(receiver.user_id, "a")
    with transaction():
        assert mail.claim(clock()) is not None
    keeper = MemoryMailer()
    clock.wait(seconds=119)
    assert send_waiting(keeper, clock=clock) == 0
    clock.wait(seconds=2)
    assert send_waiting(keeper, clock=clock) == 0
    assert the_mail().state is MailState.UNKNOWN
    clock.wait(minutes=30)
    assert send_waiting(keeper, clock=clock) == 1


def test_an_answer_after_the_lease_still_counts_and_a_foreign_one_never(receiver: Membership, clock: Clock) -> None:
    tell(receiver.user_id, "a")
    with transaction():
        lease = mail.claim(clock())
    assert lease is not None
    clock.wait(seconds=130)
    with transaction():
        assert mail.sweep(clock()).unknown == 1
        foreign = mail.Lease(lease.mail_id, "another", "news", lease.recipient_id, "", "da")
        assert not mail.mark_accepted(foreign, "x", now=clock())
        assert not mail.mark_permanent(foreign, "x", now=clock())
        assert mail.mark_accepted(lease, "late", now=clock())
        assert not mail.mark_unknown(lease, "x", now=clock())
    assert (the_mail().state, the_mail().provider_id) == (MailState.ACCEPTED, "late")


@pytest.mark.parametrize("why", ["account_closed", "no_membership", "nothing_unread"])
def test_who_left_or_has_read_it_gets_no_mail(receiver: Membership, clock: Clock, why: str) -> None:
    tell(receiver.user_id, "a")
    with transaction():
        if why == "account_closed":
            db.session.execute(sa.update(User).where(User.id == receiver.user_id).values(is_active=False))
        elif why == "no_membership":
            db.session.execute(sa.update(Membership).values(ended_at=NOW))
        else:
            messages.mark_all_read(actor=actor_of(receiver), now=NOW)
    keeper = MemoryMailer()
    assert send_waiting(keeper, clock=clock) == 0
    assert keeper.letters == []
    assert (the_mail().state, the_mail().failure) == (MailState.CANCELLED, why)


def test_an_outage_costs_three_tries_per_run_not_one_per_mail(committed: object, clock: Clock) -> None:
    for number in range(6):
        with transaction():
            member = make_member(Role.INTAKE, now=NOW)
        tell(member.user_id, f"m{number}")
    keeper = MemoryMailer(problems=[Temporary("away"), Unknown("cut"), Permanent("no"), Temporary("never reached")])
    assert send_waiting(keeper, clock=clock) == 0
    assert len(keeper.problems) == 1
    assert sum(m.attempts for m in mails()) == FAILURES_IN_A_ROW
    clock.wait(minutes=1.3)
    assert send_waiting(keeper, clock=clock) == 3


def test_many_workers_send_each_mail_once(app: Flask, committed: object, taker: MailTaker, clock: Clock) -> None:
    for number in range(24):
        with transaction():
            member = make_member(Role.INTAKE, now=NOW)
        tell(member.user_id, f"m{number}")
    db.session.rollback()
    counts: list[int] = []

    def work() -> None:
        with app.app_context():
            counts.append(send_waiting(SendGridMailer("demo-key", "a@b.example", host=taker.host), clock=clock))

    workers = [threading.Thread(target=contextvars.Context().run, args=(work,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 24
    assert len({letter["to"] for letter in taker.letters()}) == len(taker.received) == 24
    assert {m.state for m in mails()} == {MailState.ACCEPTED}


def test_a_mail_cannot_leave_before_the_news_it_stands_for(app: Flask, receiver: Membership, clock: Clock) -> None:
    """The second message rests on the first one's mail: until it is saved, that mail stays."""
    tell(receiver.user_id, "a")
    messages.notify(
        MessageKind.TASK_CLAIMED, receiver.user_id, SubjectType.TASK, "x", dedupe_key="b", actor=SYSTEM, now=NOW
    )
    found: list[int] = []

    def work() -> None:
        with app.app_context():
            found.append(send_waiting(MemoryMailer(), clock=clock))

    other = threading.Thread(target=contextvars.Context().run, args=(work,))
    other.start()
    other.join()
    assert found == [0]
    db.session.commit()
    assert send_waiting(MemoryMailer(), clock=clock) == 1
    assert len(mails()) == 1


def test_without_a_mail_server_the_change_stands_and_the_lead_sees_it(receiver: Membership, clock: Clock) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"http://127.0.0.1:{probe.getsockname()[1]}"
    tell(receiver.user_id, "a")
    assert send_waiting(SendGridMailer("key", "portal@bro.example", host=host), clock=clock) == 0
    assert (the_mail().state, the_mail().failure) == (MailState.PENDING, "unreachable_ConnectionRefusedError")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1
    health = outbox_queries.health(clock.wait(minutes=11), {})
    assert (health.waiting, health.oldest_waiting_at, health.is_mail_stuck) == (1, NOW, True)
    clock.wait(hours=5)
    send_waiting(MemoryMailer(), clock=clock)
    health = outbox_queries.health(clock(), {})
    assert (health.needs_human, health.waiting, health.is_well) == (1, 0, False)
    [failed] = outbox_queries.list_failed(receiver.organisation_id)
    assert (failed.recipient, failed.template) == (receiver.user.name, "news")
    assert outbox_queries.list_failed(0) == []
    assert len(outbox_queries.list_failed()) == 1


def test_an_account_that_cannot_be_read_holds_nobody_up(committed: object, receiver: Membership, clock: Clock) -> None:
    with transaction():
        broken = make_member(Role.INTAKE, now=NOW).user_id
    tell(broken, "a", now=NOW - timedelta(minutes=1))
    tell(receiver.user_id, "b")
    with transaction():
        spoil = sa.text("UPDATE user_account SET email = overlay(email placing 'xxxx' from 20) WHERE id = :id")
        db.session.execute(spoil, {"id": broken})
    assert send_waiting(MemoryMailer(), clock=clock) == 1
    assert [(m.state, m.failure) for m in mails()] == [
        (MailState.NEEDS_HUMAN, "address_unreadable"),
        (MailState.ACCEPTED, None),
    ]


def test_the_outbox_holds_nothing_personal() -> None:
    assert set(OutgoingMail.__table__.columns.keys()) == {
        "id",
        "public_id",
        "recipient_id",
        "template",
        "dedupe_key",
        "state",
        "may_resend",
        "created_at",
        "next_try_at",
        "first_tried_at",
        "attempts",
        "resends",
        "attempt_id",
        "lease_until",
        "accepted_at",
        "provider_id",
        "failure",
    }


def test_a_worker_that_is_asked_to_stop_leaves_the_rest(receiver: Membership, clock: Clock) -> None:
    tell(receiver.user_id, "a")
    runner.stopping.set()
    assert send_waiting(MemoryMailer(), clock=clock) == 0
    assert the_mail().state is MailState.PENDING


def test_the_job_uses_the_mailer_of_the_settings(app: Flask, receiver: Membership) -> None:
    keeper = app.extensions["mailer"]
    keeper.letters.clear()
    tell(receiver.user_id, "a", now=utc_now())
    assert send_outbox(utc_now()) == 1
    assert [letter.to for letter in keeper.letters] == [receiver.user.email]


def test_hints_of_a_story_told_afterwards_are_called_off(receiver: Membership, clock: Clock) -> None:
    tell(receiver.user_id, "a", now=NOW - timedelta(days=30))
    with transaction():
        assert mail.cancel_untried(NOW) == 1
    tell(receiver.user_id, "b")
    with transaction():
        assert mail.cancel_untried(NOW) == 0
    assert [m.state for m in mails()] == [MailState.CANCELLED, MailState.PENDING]
