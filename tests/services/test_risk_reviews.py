"""What asks for a new look at her safety, when it is due, and that the list says why."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow
from portal.core.risk import ReviewReason
from portal.core.states import DeadlineState
from portal.domain.cases import Unfinished
from portal.domain.risk import BY_HAND
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.risk import SafetyReview
from portal.queries import deadlines as deadline_queries
from portal.services import cases, closing, risk_reviews
from tests.factories.people import actor_of, make_case, make_member

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = date(2026, 11, 20)
pytestmark = pytest.mark.usefixtures("session")
Act = Callable[[Case, Any], object]


def move(case: Case, actor: Any) -> None:
    cases.record_move(case, TODAY, actor=actor, now=NOW)


def end_stay(case: Case, actor: Any) -> None:
    cases.record_stay(case, admitted_on=TODAY - timedelta(days=30), actor=actor, now=NOW)
    cases.end_stay(case, discharged_on=TODAY, actor=actor, now=NOW)


def new_address(case: Case, actor: Any) -> None:
    cases.set_address(case, protection_level=0, address="Skovvej 1", actor=actor, now=NOW)


@pytest.mark.parametrize(
    ("act", "reason"),
    [(move, ReviewReason.MOVED), (end_stay, ReviewReason.STAY_ENDED), (new_address, ReviewReason.NEW_ADDRESS)],
)
def test_a_new_home_asks_for_a_look_and_for_a_plan_in_a_week(session: Any, act: Act, reason: ReviewReason) -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    act(case, actor)
    review = session.scalars(sa.select(SafetyReview)).one()
    assert (review.reason, review.due_on, review.closed_at) == (reason, TODAY + timedelta(days=7), None)
    rows = session.scalars(sa.select(Deadline).where(Deadline.state == DeadlineState.OPEN)).all()
    due = {row.kind: row.due_on for row in rows}
    assert due[DeadlineKind.SAFETY_REVIEW] == due[DeadlineKind.SAFETY_PLAN] == TODAY + timedelta(days=7)
    listed, _more = deadline_queries.list_mine(actor, today=TODAY)
    assert [row.why for row in listed if row.kind is DeadlineKind.SAFETY_REVIEW] == [reason]
    assert session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.SAFETY_REVIEW_ASKED)).one()


def test_the_same_address_and_a_protection_ask_for_nothing(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    cases.set_address(case, protection_level=1, actor=actor, now=NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(SafetyReview)) == 0
    for _time in range(2):
        cases.set_address(case, protection_level=1, address="Skovvej 1", actor=actor, now=NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(SafetyReview)) == 1


@pytest.mark.parametrize("reason", list(ReviewReason))
def test_only_what_no_page_knows_of_is_entered_by_hand(session: Any, reason: ReviewReason) -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    if reason in BY_HAND:
        risk_reviews.ask_by_hand(case, reason, actor=actor, now=NOW)
    else:
        with pytest.raises(Invalid):
            risk_reviews.ask_by_hand(case, reason, actor=actor, now=NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(SafetyReview)) == (reason in BY_HAND)


def test_the_same_thing_stands_there_once_and_is_due_no_later(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    for days in (0, 3):
        risk_reviews.ask(case, ReviewReason.RELEASE, actor=actor, now=NOW + timedelta(days=days))
    assert session.scalars(sa.select(SafetyReview.due_on)).one() == TODAY + timedelta(days=7)
    due = sa.select(Deadline.due_on).where(Deadline.kind == DeadlineKind.SAFETY_REVIEW)
    assert session.scalars(due).one() == TODAY + timedelta(days=7)


def test_a_closed_case_takes_no_event() -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    closing.close_case(case, Unfinished(), actor=actor, now=NOW)
    with pytest.raises(NotNow):
        risk_reviews.ask_by_hand(case, ReviewReason.RELEASE, actor=actor, now=NOW)
