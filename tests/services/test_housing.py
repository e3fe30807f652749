"""Homes held and lived in, on the real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from portal.core.audit_tags import Audit
from portal.core.clock import add_months, local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Conflict, Invalid
from portal.core.states import DeadlineState, TenancyState, UnitState
from portal.db import db, transaction
from portal.domain.housing import Destination
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.housing import HousingUnit, Tenancy
from portal.models.programmes import Offer
from portal.queries import housing as queries
from portal.services import housing, tenancies
from tests.factories.enrolments import UNCHECKED
from tests.factories.housing import make_accepted, make_homes, make_tenancy, make_unit
from tests.factories.people import actor_of, make_member

in_session = pytest.mark.usefixtures("session")


@in_session
def test_the_ladder_stands_on_the_list_and_is_rebuilt() -> None:
    homes, now = make_homes(), utc_now()
    start, actor = add_months(local_date(now), -16), actor_of(homes.coordinator)
    tenancy = make_tenancy(homes, moved_in_on=start)
    rungs = sa.select(Deadline.kind, Deadline.due_on).where(
        Deadline.subject_public_id == tenancy.public_id, Deadline.state == DeadlineState.OPEN
    )
    end = add_months(start, 24)
    open_ones = db.session.execute(rungs.order_by(Deadline.due_on)).all()
    assert [tuple(row) for row in open_ones] == [
        (DeadlineKind.TENANCY_EXTENSION, add_months(end, -6)),
        (DeadlineKind.TENANCY_RUNG, add_months(end, -3)),
        (DeadlineKind.TENANCY_RUNG, add_months(end, -1)),
    ]
    tenancies.ask_extension(tenancy, "Hun venter på en bolig", actor=actor_of(homes.contact), now=now)
    tenancies.decide_extension(tenancy, 24, "Børnene går i skole", actor=actor, now=now)
    assert tenancy.period == Range(start, add_months(start, 48))
    assert [row.due_on for row in db.session.execute(rungs.order_by(Deadline.due_on))] == [
        add_months(add_months(start, 48), -months) for months in (12, 9, 6, 3, 1)
    ]


@in_session
def test_moving_out_frees_the_home_and_ends_the_course() -> None:
    homes, now = make_homes(), utc_now()
    today, actor = local_date(now), actor_of(homes.coordinator)
    tenancy = make_tenancy(homes, moved_in_on=today - timedelta(days=40))
    tenancies.give_notice(tenancy, today, actor=actor, now=now)
    tenancies.move_out(tenancy, today, Destination.OWN_HOME, unchecked=UNCHECKED, actor=actor, now=now)
    assert tenancy.unit.state is UnitState.VACANT_NOT_READY
    assert tenancy.enrolment.ended_on == today


@in_session
def test_a_gap_without_a_reason_is_refused() -> None:
    homes, now = make_homes(), utc_now()
    with pytest.raises(Invalid) as refusal:
        tenancies.move_in(make_tenancy(homes), local_date(now), None, actor=actor_of(homes.coordinator), now=now)
    assert refusal.value.field == "gap_reason"


@in_session
def test_a_reservation_that_came_to_nothing_can_be_taken_up_again() -> None:
    homes, now = make_homes(), utc_now()
    actor, tenancy = actor_of(homes.coordinator), make_tenancy(homes)
    tenancies.not_taken(tenancy, actor=actor, now=now)
    assert tenancy.unit.state is UnitState.ACCEPTING
    again = housing.reserve(tenancy.unit, tenancy.enrolment, local_date(now), actor=actor, now=now)
    assert again.state is TenancyState.RESERVED


@in_session
def test_the_database_refuses_overlaps_and_lets_neighbours_be() -> None:
    homes, now = make_homes(), utc_now()
    tenancy = make_tenancy(homes, moved_in_on=local_date(now))
    other = make_accepted(homes)
    end = tenancy.period.upper
    assert end is not None
    for start, fits in ((end - timedelta(days=1), False), (end, True)):
        row = Tenancy(enrolment_id=other.id, unit_id=tenancy.unit_id, period=Range(start, add_months(start, 24)))
        try:
            with db.session.begin_nested():
                db.session.add(row)
            assert fits
        except sa.exc.IntegrityError:
            assert not fits


def test_two_coordinators_give_the_last_home_to_two_women_and_one_is_told(app: Flask, committed: Session) -> None:
    with transaction():
        homes = make_homes()
        unit_id = make_unit(homes).id
        ids = [make_accepted(homes).id for _ in range(2)]
        second = make_member(Role.HOUSING_COORDINATOR, homes.coordinator.organisation)
        actors = [actor_of(homes.coordinator), actor_of(second)]
    barrier = Barrier(2, timeout=60)

    def reserve(number: int) -> str | None:
        with app.app_context():
            unit, course = db.session.get_one(HousingUnit, unit_id), db.session.get_one(Enrolment, ids[number])
            barrier.wait()
            try:
                with transaction():
                    housing.reserve(unit, course, local_date(utc_now()), actor=actors[number], now=utc_now())
            except Conflict as refusal:
                return str(refusal)
            return None

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(reserve, range(2)))
    winner = answers.index(None)
    assert answers[1 - winner] == str(housing.FASTER)
    # Nothing half-done: one tenancy, of the winner; one line in the trail; and the other woman still waits for a home.
    assert committed.scalars(sa.select(Tenancy.enrolment_id)).all() == [ids[winner]]
    assert committed.scalar(sa.select(HousingUnit.state)) is UnitState.HELD
    held = sa.select(AuditEntry.actor_id).where(AuditEntry.action == Audit.UNIT_HELD)
    assert committed.scalars(held).all() == [actors[winner].user_id]
    coordinator = actor_of(homes.coordinator)
    assert [one.public_id for one in queries.list_ready(coordinator)] == [
        committed.scalar(sa.select(Enrolment.public_id).where(Enrolment.id == ids[1 - winner]))
    ]


def test_two_put_in_the_same_number_at_once_and_one_is_told_beside_the_field(app: Flask, committed: Session) -> None:
    with transaction():
        homes = make_homes()
        offer_id, actor = homes.offer.id, actor_of(homes.coordinator)
    barrier = Barrier(2, timeout=60)

    def put_in(_number: int) -> str | None:
        with app.app_context():
            offer = db.session.get_one(Offer, offer_id)
            barrier.wait()
            try:
                with transaction():
                    housing.add_unit(offer, 7, actor=actor, now=utc_now())
            except Invalid as refusal:
                return refusal.field
            return None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(put_in, range(2)), key=str) == [None, "number"]
    assert committed.scalars(sa.select(HousingUnit.number)).all() == [7]
    added = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.action == Audit.UNIT_ADDED)
    assert committed.scalar(added) == 1


def test_two_change_a_home_at_once_and_one_is_told(app: Flask, committed: Session) -> None:
    with transaction():
        homes = make_homes()
        unit_id, actor = make_unit(homes).id, actor_of(homes.coordinator)
    barrier = Barrier(2, timeout=60)

    def change(number: int) -> int | None:
        with app.app_context():
            unit = db.session.get_one(HousingUnit, unit_id)
            version, wanted = unit.version, 7 + number
            barrier.wait()
            try:
                with transaction():
                    housing.change_facts(
                        unit, max_children=wanted, address=None, version=version, actor=actor, now=utc_now()
                    )
            except Conflict:
                return None
            return wanted

    with ThreadPoolExecutor(2) as pool:
        (kept,) = [one for one in pool.map(change, range(2)) if one is not None]
    assert committed.scalar(sa.select(HousingUnit.max_children)) == kept
