"""A safety assessment: how long it counts, how it was judged, and who answers for it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow
from portal.core.kinds import SafetyLevel
from portal.core.risk import AssessmentMoment, ReviewReason, RiskMethod
from portal.domain.cases import Unfinished
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.models.risk import SafetyAssessment, SafetyReview
from portal.queries import risk as queries
from portal.services import closing, risk, risk_reviews
from portal.web.case_pages import lens_of
from tests.factories.people import actor_of, make_case, make_member

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("session")


def test_an_assessment_is_looked_at_again_after_ninety_days(session: Any) -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    risk.assess_safety(case, level=SafetyLevel.ORDINARY, assessed_on=NOW.date(), actor=actor_of(member), now=NOW)
    row = session.scalars(sa.select(Deadline)).one()
    assert (row.kind, row.due_on) == (DeadlineKind.RISK_REVIEW, date(2027, 2, 18))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"level": SafetyLevel.HIGH, "assessed_on": NOW.date()}, "reason"),
        ({"level": SafetyLevel.ORDINARY, "assessed_on": NOW.date() + timedelta(days=1)}, "assessed_on"),
        (
            {"level": SafetyLevel.ORDINARY, "assessed_on": NOW.date(), "review_on": NOW.date() + timedelta(days=91)},
            "review_on",
        ),
        ({"level": SafetyLevel.ORDINARY, "assessed_on": NOW.date(), "review_on": NOW.date()}, "review_on"),
    ],
)
def test_an_assessment_that_breaks_a_rule_is_refused(values: dict[str, Any], field: str) -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    with pytest.raises(Invalid) as refusal:
        risk.assess_safety(case, **values, actor=actor_of(member), now=NOW)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("judged", "field"),
    [
        (risk.Judged(method=RiskMethod.SARA), "result"),
        (risk.Judged(method=RiskMethod.OTHER, result="12"), "tool"),
        (risk.Judged(is_safe_to_move=True), "who"),
    ],
)
def test_what_is_said_of_the_method_is_whole(judged: risk.Judged, field: str) -> None:
    member = make_member()
    case = make_case(member, now=NOW)
    with pytest.raises(Invalid) as refusal:
        risk.assess_safety(
            case,
            level=SafetyLevel.ORDINARY,
            assessed_on=NOW.date(),
            judged=judged,
            actor=actor_of(member),
            now=NOW,
        )
    assert refusal.value.field == field


def test_a_tool_is_kept_by_name_and_result_and_safe_to_move_by_who_answers(session: Any) -> None:
    member, stranger = make_member(), make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    said = {"moment": AssessmentMoment.BEFORE_EXIT, "method": RiskMethod.SARA, "is_trained": True}
    said |= {"tool": "SARA v3", "result": "høj", "children": "De sover dårligt", "is_safe_to_move": False}
    common: dict[str, Any] = {"level": SafetyLevel.HIGH, "reason": "Trusler", "assessed_on": NOW.date(), "now": NOW}
    with pytest.raises(Invalid):
        risk.assess_safety(case, judged=risk.Judged(**said, responsible_id=stranger.user_id), actor=actor, **common)
    risk.assess_safety(case, judged=risk.Judged(**said, responsible_id=member.user_id), actor=actor, **common)
    (kept,) = queries.list_assessments(case, lens_of(actor, case))
    assert (kept.method, kept.tool, kept.result, kept.is_trained) == (RiskMethod.SARA, "SARA v3", "høj", True)
    assert (kept.children, kept.is_safe_to_move, kept.responsible) == ("De sover dårligt", False, member.user.name)
    assert session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.SAFETY_ASSESSED)).one()


def test_one_that_was_written_down_late_moves_nothing(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    for days in (0, 10):
        day = NOW.date() - timedelta(days=days)
        risk.assess_safety(case, level=SafetyLevel.ORDINARY, assessed_on=day, actor=actor, now=NOW)
    due = session.scalars(sa.select(Deadline.due_on).where(Deadline.kind == DeadlineKind.RISK_REVIEW)).one()
    assert due == NOW.date() + timedelta(days=90)
    assert session.scalar(sa.select(sa.func.count()).select_from(SafetyAssessment)) == 2


def test_an_assessment_answers_what_happened_until_its_day(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    risk_reviews.ask_by_hand(case, ReviewReason.COURT_DATE, actor=actor, now=NOW)
    for day, is_open in ((NOW.date() - timedelta(days=1), True), (NOW.date(), False)):
        risk.assess_safety(case, level=SafetyLevel.ORDINARY, assessed_on=day, actor=actor, now=NOW)
        review = session.scalars(sa.select(SafetyReview)).one()
        assert (review.closed_at is None) is is_open


def test_a_closed_case_is_not_assessed() -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    closing.close_case(case, Unfinished(), actor=actor, now=NOW)
    with pytest.raises(NotNow):
        risk.assess_safety(case, level=SafetyLevel.ORDINARY, assessed_on=NOW.date(), actor=actor, now=NOW)
