"""What is left of a grant goes five years after its accounting year: not on the last day of it, and never by a hair."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.enums import Role
from portal.core.errors import Invalid
from portal.core.ids import new_reference
from portal.core.kinds import GrantCategory
from portal.core.rights import RetentionRule, RetentionState
from portal.core.states import CaseState, GrantState
from portal.db import db
from portal.domain.retention import ENGINE, SETTABLE, due_on
from portal.jobs import retention as job
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.grants import Fund, GrantApplication, GrantApproval, GrantLine
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.retention import RetentionItem
from portal.services import holds, retention
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_offer
from tests.factories.retention import START, at, moment

pytestmark = pytest.mark.usefixtures("session")
TABLES = (GrantApplication, GrantLine, GrantApproval)


class Books:
    """A fund with its own house, and a grant of another house's case."""

    def __init__(self, **values: Any) -> None:
        self.member = make_member(now=moment(START))
        self.case = make_case(self.member, now=moment(START))
        self.officer = make_member(Role.DATA_PROTECTION_OFFICER)
        self.fund = Fund(
            organisation_id=self.officer.organisation_id, offer_id=make_offer().id, name="Fond", budget_ore=10_000_000,
            reserved_ore=0, spent_ore=50_000,
        )  # fmt: skip
        db.session.add(self.fund)
        db.session.flush()
        self.grant_id = self.grant(**values)

    def grant(self, **values: Any) -> int:
        row = GrantApplication(
            reference=new_reference(), case_id=self.case.id, fund_id=self.fund.id, applicant_id=self.member.user_id,
            applicant_organisation_id=self.member.organisation_id, created_at=moment(START),
            **{"state": GrantState.PAID, "approved_ore": 50_000} | values,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        line = GrantLine(
            application_id=row.id, category=next(iter(GrantCategory)), purpose="Seng", requested_ore=50_000
        )
        yes = GrantApproval(
            application_id=row.id, approver_id=self.member.user_id, amount_ore=50_000, approved_at=moment(START)
        )
        db.session.add_all([line, yes])
        db.session.flush()
        return row.id


def left() -> list[int]:
    return [db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in TABLES]


def run(*days: date) -> int:
    return sum(job.run(at(day)) for day in days)


def announced() -> list[date]:
    wanted = sa.select(RetentionItem.due_on).where(
        RetentionItem.rule == RetentionRule.R16, RetentionItem.state == RetentionState.AHEAD
    )
    return list(db.session.scalars(wanted))


@pytest.mark.parametrize(
    ("paid_on", "goes"),
    [
        (date(2027, 12, 31), date(2033, 1, 1)),
        (date(2028, 1, 1), date(2034, 1, 1)),
        (date(2028, 2, 29), date(2034, 1, 1)),
    ],
)
def test_it_is_there_on_the_last_day_of_the_fifth_year_and_gone_on_the_next(paid_on: date, goes: date) -> None:
    Books(paid_on=paid_on)
    run(goes - timedelta(days=15))
    assert announced() == []
    run(goes - timedelta(days=14))
    assert announced() == [goes]
    run(goes - timedelta(days=1))
    assert left() == [1, 1, 1]
    run(goes)
    assert left() == [0, 0, 0]


def test_what_was_refused_counts_from_the_danish_year_of_the_decision() -> None:
    books = Books(state=GrantState.DECLINED, decided_at=datetime(2027, 12, 31, 22, 30, tzinfo=UTC))
    books.grant(state=GrantState.DECLINED, decided_at=datetime(2027, 12, 31, 23, 30, tzinfo=UTC))
    run(date(2032, 12, 18), date(2033, 1, 1))
    assert left() == [1, 1, 1]
    assert db.session.get(GrantApplication, books.grant_id) is None
    run(date(2033, 12, 18), date(2034, 1, 1))
    assert left() == [0, 0, 0]


def test_what_she_took_back_goes_too_and_counts_from_its_sending() -> None:
    Books(state=GrantState.WITHDRAWN, submitted_at=moment(date(2028, 3, 1)), approved_ore=None)
    run(date(2033, 12, 18), date(2033, 12, 31))
    assert left() == [1, 1, 1]
    run(date(2034, 1, 1))
    assert left() == [0, 0, 0]


@pytest.mark.parametrize("state", [GrantState.APPROVED, GrantState.PAYMENT_ORDERED, GrantState.ASSESSED])
def test_what_is_not_over_stays(state: GrantState) -> None:
    Books(state=state, decided_at=moment(date(2027, 5, 1)))
    run(date(2034, 1, 1), date(2034, 1, 20))
    assert left() == [1, 1, 1]
    assert announced() == []


def test_the_story_goes_after_ninety_days_and_the_ledger_stays() -> None:
    books = Books(paid_on=date(2027, 3, 1), account="1234 567890")
    run(date(2027, 5, 20), date(2027, 6, 5))
    row = db.session.get_one(GrantApplication, books.grant_id, populate_existing=True)
    assert (row.account, row.approved_ore, left()) == (None, 50_000, [1, 1, 1])


def test_the_ledger_of_an_erased_case_goes_on_its_day_and_the_funds_sum_stays() -> None:
    books = Books(paid_on=date(2027, 3, 1))
    fund_id, case_id = books.fund.id, books.case.id
    books.case.state, books.case.closed_at = CaseState.CLOSED, moment(date(2027, 4, 1))
    db.session.flush()
    run(date(2029, 3, 18), date(2029, 4, 1))
    assert db.session.get_one(Case, case_id, populate_existing=True).erased_at is not None
    assert left() == [1, 1, 1]
    run(date(2032, 12, 18), date(2033, 1, 1))
    assert left() == [0, 0, 0]
    assert db.session.get_one(Fund, fund_id).spent_ore == 50_000


def test_a_draft_that_nobody_went_on_with_is_over_when_the_case_has_been_erased() -> None:
    books = Books(state=GrantState.DRAFT, approved_ore=None)
    goes = due_on(RetentionRule.R16, date(START.year + 1, 1, 1))
    run(goes - timedelta(days=14), goes)
    assert announced() == []
    case = db.session.get_one(Case, books.case.id)
    case.state, case.closed_at = CaseState.CLOSED, moment(date(2027, 4, 1))
    db.session.flush()
    run(*(goes + timedelta(days=number) for number in (1, 15)))
    assert left() == [1, 1, 1]
    run(*(goes + timedelta(days=number) for number in (16, 30)))
    assert left() == [0, 0, 0]


def test_a_hold_wins_and_afterwards_it_is_announced_anew() -> None:
    books = Books(paid_on=date(2027, 3, 1))
    officer = make_member(
        Role.DATA_PROTECTION_OFFICER, db.session.get_one(Organisation, books.case.owner_organisation_id)
    )
    hold = holds.set_hold(books.case, "retssag", actor=actor_of(officer), now=at(date(2032, 12, 1)))
    run(date(2032, 12, 18), date(2033, 1, 1), date(2033, 2, 1))
    assert left() == [1, 1, 1]
    hold.case = db.session.get_one(Case, books.case.id)
    holds.lift_hold(hold, "afsluttet", actor=actor_of(officer), now=at(date(2033, 2, 1)))
    run(date(2033, 2, 14))
    assert left() == [1, 1, 1]
    run(date(2033, 2, 15))
    assert left() == [0, 0, 0]


def test_the_house_of_the_fund_is_told_and_the_trail_says_what_was_done() -> None:
    books = Books(paid_on=date(2027, 3, 1))
    officer_id, house_id = books.officer.user_id, books.fund.organisation_id
    run(date(2032, 12, 18))
    assert db.session.scalars(sa.select(RetentionItem.organisation_id).where(RetentionItem.rule == "R16")).all() == [
        house_id
    ]
    assert officer_id in db.session.scalars(sa.select(Message.recipient_id)).all()
    run(date(2033, 1, 1), date(2033, 1, 2))
    lines = db.session.scalars(sa.select(AuditEntry.fields).where(AuditEntry.action == Audit.RETENTION_DONE)).all()
    assert lines.count(["R16"]) == 1
    assert db.session.scalars(sa.select(RetentionItem.rows).where(RetentionItem.rule == "R16")).all() == [3]


def test_months_are_counted_from_the_end_of_the_year_and_never_chained() -> None:
    assert due_on(RetentionRule.R16, date(2028, 1, 1)) == date(2033, 1, 1)
    assert due_on(RetentionRule.R16, date(2028, 2, 29)) == date(2033, 2, 28)


def test_no_organisation_shortens_what_a_law_asks_for() -> None:
    assert set(ENGINE) - set(SETTABLE) == {RetentionRule.R16}
    with pytest.raises(Invalid):
        retention.ask_for_length(
            RetentionRule.R16, 40, actor=actor_of(make_member(Role.DATA_PROTECTION_OFFICER)), now=at(START)
        )
