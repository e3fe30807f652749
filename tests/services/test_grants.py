"""Money is promised once, by the right people, and never more than there is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, joinedload

from portal.core.clock import local_date, utc_now
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid
from portal.core.messages import MessageKind
from portal.core.states import GrantState
from portal.db import db, transaction
from portal.models.audit import AuditEntry
from portal.models.grants import Fund, GrantApplication, GrantApproval
from portal.models.messages import Message
from portal.queries import grants as grant_queries
from portal.services import grant_decisions, grant_payments, grants
from tests.factories.grants import make_application, make_house
from tests.factories.people import actor_of


@pytest.mark.usefixtures("session")
def test_one_yes_is_enough_for_a_small_amount_and_reserves_it() -> None:
    house = make_house()
    application = make_application(house, ore=500_000)
    assert grant_decisions.approve(application, actor=actor_of(house.first), now=utc_now())
    db.session.refresh(house.fund)
    assert (application.state, house.fund.reserved_ore) == (GrantState.APPROVED, 500_000)


@pytest.mark.usefixtures("session")
def test_a_large_amount_needs_two_different_people() -> None:
    house = make_house()
    application = make_application(house, ore=640_000)
    assert not grant_decisions.approve(application, actor=actor_of(house.first), now=utc_now())
    with pytest.raises(Forbidden):
        grant_decisions.approve(application, actor=actor_of(house.first), now=utc_now())
    assert application.state is GrantState.ASSESSED
    assert grant_decisions.approve(application, actor=actor_of(house.second), now=utc_now())


@pytest.mark.usefixtures("session")
def test_recommending_again_takes_the_approvals_back() -> None:
    house = make_house()
    application = make_application(house, ore=640_000)
    grant_decisions.approve(application, actor=actor_of(house.first), now=utc_now())
    line = grant_queries.list_lines(application)[0]
    grant_decisions.recommend(
        application, amounts={line.id: 600_000}, text="mindre", actor=actor_of(house.officer), now=utc_now()
    )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(GrantApproval)) == 0
    assert not grant_decisions.approve(application, actor=actor_of(house.first), now=utc_now())


@pytest.mark.usefixtures("session")
def test_no_more_is_recommended_than_was_applied_for() -> None:
    house = make_house()
    application = make_application(house, ore=100_000, state=GrantState.SCREENING)
    line = grant_queries.list_lines(application)[0]
    with pytest.raises(Invalid):
        grant_decisions.recommend(
            application, amounts={line.id: 100_001}, text="x", actor=actor_of(house.officer), now=utc_now()
        )


@pytest.mark.usefixtures("session")
def test_an_empty_fund_approves_nothing_and_says_what_is_left() -> None:
    house = make_house(budget_ore=200_000)
    application = make_application(house, ore=300_000)
    with pytest.raises(Conflict, match=r"2\.000 kr"):
        grant_decisions.approve(application, actor=actor_of(house.first), now=utc_now())


@pytest.mark.usefixtures("session")
def test_payment_turns_promised_into_spent_and_asks_for_receipts() -> None:
    house = make_house()
    application = make_application(house, state=GrantState.PAID)
    db.session.refresh(house.fund)
    assert (house.fund.reserved_ore, house.fund.spent_ore) == (0, 300_000)
    assert application.receipt_due_on is not None


@pytest.mark.usefixtures("session")
def test_the_applicant_hears_of_it_and_the_trail_holds_no_amount() -> None:
    house = make_house()
    application = make_application(house, state=GrantState.PAID)
    told = set(db.session.scalars(sa.select(Message.kind).where(Message.recipient_id == house.contact.user_id)))
    assert told == {MessageKind.GRANT_APPROVED, MessageKind.GRANT_PAID}
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_public_id == application.public_id))
    assert all(entry.fields == [] and entry.reason is None for entry in entries)


@pytest.mark.usefixtures("session")
def test_a_second_application_to_the_same_fund_waits_for_the_first() -> None:
    house = make_house()
    application = make_application(house)
    with pytest.raises(Conflict):
        grants.draft(case_id=application.case_id, fund=house.fund, actor=actor_of(house.contact), now=utc_now())


def test_two_approvals_of_the_last_money_leave_one_winner(app: Flask, committed: Session) -> None:
    with transaction():
        house = make_house(budget_ore=400_000)
        ids = [make_application(house, ore=300_000).id for _ in range(2)]
        actors = [actor_of(house.first), actor_of(house.second)]
        fund_id = house.fund.id
    barrier = Barrier(2, timeout=60)

    def approve(number: int) -> bool:
        with app.app_context():
            application = db.session.scalars(
                sa.select(GrantApplication)
                .options(joinedload(GrantApplication.fund))
                .where(GrantApplication.id == ids[number])
            ).one()
            barrier.wait()
            try:
                with transaction():
                    grant_decisions.approve(application, actor=actors[number], now=utc_now())
                return True
            except DomainError:
                return False

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(approve, range(2)))
    fund = committed.get_one(Fund, fund_id, populate_existing=True)
    states = sorted(committed.scalars(sa.select(GrantApplication.state)).all())
    assert sorted(won) == [False, True]
    assert fund.reserved_ore == 300_000
    assert states == [GrantState.APPROVED, GrantState.ASSESSED]


def test_two_last_yeses_to_one_application_count_one_after_the_other(app: Flask, committed: Session) -> None:
    with transaction():
        house = make_house()
        application_id = make_application(house, ore=640_000).id
        actors = [actor_of(house.first), actor_of(house.second)]
    barrier = Barrier(2, timeout=60)

    def approve(number: int) -> bool | None:
        with app.app_context():
            application = db.session.scalars(
                sa.select(GrantApplication)
                .options(joinedload(GrantApplication.fund))
                .where(GrantApplication.id == application_id)
            ).one()
            barrier.wait()
            try:
                with transaction():
                    return grant_decisions.approve(application, actor=actors[number], now=utc_now())
            except Conflict:
                return None

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(approve, range(2)))
    application = committed.get_one(GrantApplication, application_id, populate_existing=True)
    given = committed.scalar(sa.select(sa.func.count()).select_from(GrantApproval))
    # Either both count and the second one decides, or the slower one is told to look again.
    assert (application.state is GrantState.APPROVED) == (given == 2)
    assert answers.count(True) == (given == 2)


@pytest.mark.usefixtures("session")
def test_whoever_recommended_does_not_record_the_payment_in_another_role() -> None:
    house = make_house()
    application = make_application(house, state=GrantState.PAYMENT_ORDERED)
    officer_who_pays = replace(actor_of(house.payer), user_id=house.officer.user_id)
    with pytest.raises(Forbidden):
        grant_payments.pay(
            application, paid_on=local_date(utc_now()), reference="B-1", actor=officer_who_pays, now=utc_now()
        )
    assert application.state is GrantState.PAYMENT_ORDERED


@pytest.mark.usefixtures("session")
def test_nobody_says_yes_to_an_amount_that_is_not_recommended_any_more() -> None:
    house = make_house()
    application = make_application(house, ore=640_000)
    with pytest.raises(Conflict):
        grant_decisions.approve(application, actor=actor_of(house.first), now=utc_now(), seen_ore=600_000)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(GrantApproval)) == 0
    assert not grant_decisions.approve(application, actor=actor_of(house.first), now=utc_now(), seen_ore=640_000)


def test_a_yes_waits_for_a_recommendation_that_is_being_changed(app: Flask, committed: Session) -> None:
    with transaction():
        house = make_house()
        application = make_application(house, ore=640_000)
        line, officer, first = (
            grant_queries.list_lines(application)[0].id,
            actor_of(house.officer),
            actor_of(house.first),
        )
        application_id = application.id
    seen, changed = Barrier(2, timeout=60), Barrier(2, timeout=60)

    def approve() -> bool:
        with app.app_context():
            mine = committed_application(application_id)
            seen.wait()
            changed.wait()
            try:
                with transaction():
                    grant_decisions.approve(mine, actor=first, now=utc_now(), seen_ore=640_000)
                return True
            except Conflict:
                return False

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(approve)
        seen.wait()
        with transaction():
            again = committed_application(application_id)
            grant_decisions.recommend(again, amounts={line: 600_000}, text="mindre", actor=officer, now=utc_now())
        changed.wait()
        assert answer.result() is False
    assert committed.scalar(sa.select(sa.func.count()).select_from(GrantApproval)) == 0


def committed_application(application_id: int) -> GrantApplication:
    return db.session.scalars(
        sa.select(GrantApplication)
        .options(joinedload(GrantApplication.fund))
        .where(GrantApplication.id == application_id)
        .execution_options(populate_existing=True)
    ).one()
