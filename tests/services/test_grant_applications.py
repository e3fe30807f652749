"""An application on its way: filled in, sent, asked about, taken back, refused, paid and receipted."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import add_weekdays, local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import DeclineReason, GrantCategory, PayeeKind, TrackKind
from portal.core.messages import MessageKind
from portal.core.states import DeadlineState, GrantState
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.models.grants import GrantApplication
from portal.models.messages import Message
from portal.queries import grants as queries
from portal.services import enrolments, grant_decisions, grant_payments, grants, reveals
from tests.factories.enrolments import make_enrolment
from tests.factories.grants import House, make_application, make_house
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_offer

pytestmark = pytest.mark.usefixtures("session")
LINE = grants.Line(GrantCategory.BASIC_FURNITURE, 100_000)


def open_kinds(application: GrantApplication) -> list[DeadlineKind]:
    kinds = sa.select(Deadline.kind).where(
        Deadline.subject_public_id == application.public_id, Deadline.state == DeadlineState.OPEN
    )
    return list(db.session.scalars(kinds))


def told(application: GrantApplication, user_id: int) -> list[MessageKind]:
    kinds = sa.select(Message.kind).where(
        Message.recipient_id == user_id, Message.subject_public_id == application.public_id
    )
    return list(db.session.scalars(kinds.order_by(Message.id)))


def fill_in(house: House, application: GrantApplication, lines: list[grants.Line]) -> None:
    grants.fill_in(
        application,
        lines=lines,
        other_support=None,
        payee_kind=PayeeKind.SHOP,
        account=None,
        actor=actor_of(house.contact),
        now=utc_now(),
    )


@pytest.mark.parametrize("count", [0, 13])
def test_an_application_has_one_to_twelve_purposes(count: int) -> None:
    house = make_house()
    application = make_application(house, state=GrantState.DRAFT)
    with pytest.raises(Invalid) as refusal:
        fill_in(house, application, [LINE] * count)
    assert refusal.value.field == "lines"
    fill_in(house, application, [LINE] * 12)
    assert len(queries.list_lines(application)) == 12


def test_what_has_been_sent_is_not_rewritten_and_what_is_empty_is_not_sent() -> None:
    house = make_house()
    with pytest.raises(NotNow):
        fill_in(house, make_application(house, state=GrantState.SUBMITTED), [LINE])
    empty = grants.draft(
        case_id=make_case(house.contact).id, fund=house.fund, actor=actor_of(house.contact), now=utc_now()
    )
    with pytest.raises(Invalid):
        grants.submit(empty, actor=actor_of(house.contact), now=utc_now())
    assert (empty.state, empty.submitted_at) == (GrantState.DRAFT, None)


def test_a_question_goes_to_the_applicant_and_her_answer_sets_a_new_day() -> None:
    house, now = make_house(), utc_now()
    application = make_application(house, state=GrantState.SCREENING)
    first_sent = application.submitted_at
    grants.ask_info(application, wanted="Hvad koster sengen?", actor=actor_of(house.officer), now=now)
    assert (application.state, application.info_wanted) == (GrantState.NEEDS_INFO, "Hvad koster sengen?")
    assert open_kinds(application) == []
    assert told(application, house.contact.user_id) == [MessageKind.GRANT_INFO_WANTED]
    fill_in(house, application, [LINE, LINE])
    later = now + timedelta(days=3)
    grants.submit(application, actor=actor_of(house.contact), now=later)
    assert (application.state, application.submitted_at) == (GrantState.SCREENING, first_sent)
    assert application.answer_due_on == add_weekdays(local_date(later), 10)
    assert open_kinds(application) == [DeadlineKind.GRANT_ANSWER]


@pytest.mark.parametrize("state", [GrantState.DRAFT, GrantState.SUBMITTED, GrantState.ASSESSED])
def test_an_application_taken_back_leaves_nothing_to_do(state: GrantState) -> None:
    house = make_house()
    application = make_application(house, state=state)
    grants.withdraw(application, actor=actor_of(house.contact), now=utc_now())
    assert (application.state, open_kinds(application)) == (GrantState.WITHDRAWN, [])
    again = grants.draft(case_id=application.case_id, fund=house.fund, actor=actor_of(house.contact), now=utc_now())
    assert again.state is GrantState.DRAFT


def test_nobody_recommends_an_own_application_or_nothing_at_all() -> None:
    house = make_house()
    application = make_application(house, state=GrantState.SCREENING)
    given = {"text": "Klart", "now": utc_now()}
    (line,) = queries.list_lines(application)
    for amounts in ({}, {line.id: 0}):
        with pytest.raises(Invalid):
            grant_decisions.recommend(application, amounts=amounts, actor=actor_of(house.officer), **given)
    application.applicant_id = house.officer.user_id
    with pytest.raises(Forbidden):
        grant_decisions.recommend(application, amounts={line.id: 1}, actor=actor_of(house.officer), **given)
    assert application.state is GrantState.SCREENING


def test_a_no_carries_its_reason_reserves_nothing_and_is_told() -> None:
    house, now = make_house(), utc_now()
    application = make_application(house)
    grant_decisions.decline(
        application,
        reason=DeclineReason.CRITERIA,
        text="Kommunen dækker det",
        actor=actor_of(house.first),
        now=now,
    )
    db.session.refresh(house.fund)
    assert (application.state, application.decline_text) == (GrantState.DECLINED, "Kommunen dækker det")
    assert (application.decided_at, house.fund.reserved_ore, open_kinds(application)) == (now, 0, [])
    assert told(application, house.contact.user_id) == [MessageKind.GRANT_DECLINED]


def test_whoever_said_yes_does_not_pay() -> None:
    house = make_house()
    application = make_application(house, state=GrantState.APPROVED)
    application.recommended_by_id = house.payer.user_id
    with pytest.raises(Forbidden):
        grant_payments.order_payment(application, actor=actor_of(house.payer), now=utc_now())
    assert application.state is GrantState.APPROVED


def test_money_has_not_gone_tomorrow_and_receipts_end_it() -> None:
    house, now = make_house(), utc_now()
    application = make_application(house, state=GrantState.PAYMENT_ORDERED)
    payer, today = actor_of(house.payer), local_date(now)
    with pytest.raises(Invalid) as refusal:
        grant_payments.pay(application, paid_on=today + timedelta(days=1), reference="B-1", actor=payer, now=now)
    assert refusal.value.field == "paid_on"
    grant_payments.pay(application, paid_on=today, reference="B-1", actor=payer, now=now)
    assert open_kinds(application) == [DeadlineKind.GRANT_RECEIPT]
    grant_payments.receive_receipts(application, actor=actor_of(house.officer), now=now)
    assert (application.state, open_kinds(application)) == (GrantState.RECEIPTED, [])


def test_looking_at_the_account_leaves_who_and_why() -> None:
    house = make_house()
    application = make_application(house, state=GrantState.APPROVED)
    application.account = "1234 0001234567"
    secret, why = grant_payments.its_account(application), "Jeg betaler den i dag"
    assert reveals.reveal(secret, reason=why, actor=actor_of(house.payer), now=utc_now()) == "1234 0001234567"
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.ADDRESS_REVEALED)).one()
    assert (entry.actor_id, entry.fields, entry.reason) == (
        house.payer.user_id,
        ["grant_application.account"],
        "Jeg betaler den i dag",
    )


def test_a_place_in_a_grant_programme_begins_an_application_where_there_is_a_fund() -> None:
    _worker, course = make_enrolment(TrackKind.GRANT)
    mine = sa.select(GrantApplication.state).where(GrantApplication.case_id == course.case_id)
    assert db.session.scalars(mine).all() == [GrantState.DRAFT]
    contact = make_member()
    case = make_case(contact)
    enrolments.propose(case_id=case.id, offer=make_offer(TrackKind.GRANT), actor=actor_of(contact), now=utc_now())
    assert db.session.scalars(sa.select(GrantApplication).where(GrantApplication.case_id == case.id)).all() == []
