"""The ledger of hours: never overdrawn, never rewritten."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.clock import local_date, utc_now
from portal.core.errors import Conflict, DomainError, Invalid, NotFound, NotNow
from portal.core.kinds import TrackKind
from portal.db import db, transaction
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.counselling import HourEntitlement, HourEntry
from portal.models.enrolments import Enrolment
from portal.queries import counselling as queries
from portal.services import children, hours
from portal.services.children import ChildRecord
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of

HOURS = TrackKind.ENTITLEMENT
CARD = "10-2345"


@pytest.mark.usefixtures("session")
def test_hours_are_used_and_taken_back_by_a_counter_entry() -> None:
    worker, course = make_enrolment(HOURS, is_started=True)
    actor, now, today = actor_of(worker), utc_now(), local_date(utc_now())
    (ledger,) = queries.list_ledgers(course.id)
    entry = hours.register(
        course, ledger.public_id, held_on=today, minutes=90, authorisation=CARD, actor=actor, now=now
    )
    assert queries.list_ledgers(course.id)[0].minutes_left == 510
    hours.correct(course, entry.public_id, actor=actor, now=now)
    (ledger,) = queries.list_ledgers(course.id)
    assert (ledger.minutes_used, sorted(row.minutes for row in ledger.entries)) == (0, [-90, 90])
    with pytest.raises(Conflict):
        hours.correct(course, entry.public_id, actor=actor, now=now)
    counter = next(row for row in ledger.entries if row.is_correction)
    with pytest.raises(NotFound):
        hours.correct(course, counter.public_id, actor=actor, now=now)


@pytest.mark.usefixtures("session")
def test_only_an_authorised_psychologist_and_a_running_course_count() -> None:
    worker, course = make_enrolment(HOURS)
    actor, now, today = actor_of(worker), utc_now(), local_date(utc_now())
    (ledger,) = queries.list_ledgers(course.id)
    with pytest.raises(NotNow):
        hours.register(course, ledger.public_id, held_on=today, minutes=60, authorisation=CARD, actor=actor, now=now)
    worker, course = make_enrolment(HOURS, is_started=True)
    (ledger,) = queries.list_ledgers(course.id)
    with pytest.raises(Invalid):
        hours.register(
            course, ledger.public_id, held_on=today, minutes=60, authorisation=" ", actor=actor_of(worker), now=now
        )


@pytest.mark.usefixtures("session")
def test_a_child_that_comes_later_gets_four_hours_and_up_to_ten() -> None:
    worker, course = make_enrolment(HOURS, is_started=True)
    actor, now = actor_of(worker), utc_now()
    children.add(course.case, ChildRecord(birth_year=2018), actor=actor, now=now)
    hours.note_child(course.case_id, actor=actor, now=now)
    hers, child = queries.list_ledgers(course.id)
    assert (hers.minutes_total, child.minutes_total) == (600, 240)
    hours.set_child_hours(course, child.public_id, 600, actor=actor, now=now)
    for public_id, minutes in ((child.public_id, 660), (child.public_id, 180), (hers.public_id, 300)):
        with pytest.raises(Invalid):
            hours.set_child_hours(course, public_id, minutes, actor=actor, now=now)


@pytest.mark.usefixtures("session")
def test_a_ledger_of_another_course_is_not_there() -> None:
    worker, course = make_enrolment(HOURS, is_started=True)
    _other, elsewhere = make_enrolment(HOURS, is_started=True)
    (ledger,) = queries.list_ledgers(elsewhere.id)
    with pytest.raises(NotFound):
        hours.register(
            course,
            ledger.public_id,
            held_on=local_date(utc_now()),
            minutes=60,
            authorisation=CARD,
            actor=actor_of(worker),
            now=utc_now(),
        )


def test_two_at_once_never_use_more_than_there_is(app: Flask, committed: Session) -> None:
    with transaction():
        worker, course = make_enrolment(HOURS, is_started=True)
        ledger = queries.list_ledgers(course.id)[0].public_id
        actor, course_id = actor_of(worker), course.id
    barrier = Barrier(2, timeout=60)

    def use(_number: int) -> bool:
        with app.app_context():
            row = db.session.get_one(Enrolment, course_id)
            barrier.wait()
            try:
                with transaction():
                    hours.register(
                        row,
                        ledger,
                        held_on=local_date(utc_now()),
                        minutes=360,
                        authorisation=CARD,
                        actor=actor,
                        now=utc_now(),
                    )
                return True
            except DomainError:
                return False

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(use, range(2)))
    committed.expire_all()
    assert sorted(won) == [False, True]
    assert committed.scalar(sa.select(HourEntitlement.minutes_used)) == 360
    assert committed.scalar(sa.select(sa.func.count()).select_from(HourEntry)) == 1


@pytest.mark.usefixtures("session")
def test_her_own_hours_are_ten_and_a_childs_are_never_fewer_than_used() -> None:
    worker, course = make_enrolment(HOURS, is_started=True)
    actor, now, today = actor_of(worker), utc_now(), local_date(utc_now())
    client_id = db.session.scalars(sa.select(Case.client_id).where(Case.id == course.case_id)).one()
    db.session.add(Child(client_id=client_id, birth_year=2018))
    db.session.flush()
    hours.note_child(course.case_id, actor=actor, now=now)
    hers, childs = queries.list_ledgers(course.id)
    with pytest.raises(Invalid) as refusal:
        hours.set_child_hours(course, hers.public_id, 300, actor=actor, now=now)
    assert refusal.value.field == "minutes"
    hours.set_child_hours(course, childs.public_id, 600, actor=actor, now=now)
    hours.register(course, childs.public_id, held_on=today, minutes=300, authorisation=CARD, actor=actor, now=now)
    with pytest.raises(Invalid) as refusal:
        hours.set_child_hours(course, childs.public_id, 240, actor=actor, now=now)
    assert refusal.value.field == "minutes"
    assert [row.minutes_total for row in queries.list_ledgers(course.id)] == [600, 600]
