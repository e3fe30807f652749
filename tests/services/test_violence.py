"""New violence and the three questions: what is kept, who is told, and what waits."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.messages import MessageKind
from portal.core.risk import ByWhom, PoliceTold, ReviewReason, ViolenceKind
from portal.domain.cases import Unfinished
from portal.domain.risk import Answers
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.risk import SafetyCheck, SafetyReview, ViolenceReport
from portal.services import cases, closing, violence
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
THREAT = violence.Told([ViolenceKind.THREAT, ViolenceKind.DIGITAL], ByWhom.FORMER_PARTNER, text="Han skrev igen")


def reviews(session: Any) -> list[ReviewReason]:
    return list(session.scalars(sa.select(SafetyReview.reason)))


def test_it_is_looked_at_by_tomorrow_and_the_one_to_ask_and_the_officer_are_told(session: Any) -> None:
    primary = make_member()
    colleague = make_member(organisation=primary.organisation)
    officer = make_member(Role.SAFETY_OFFICER, primary.organisation)
    make_member(Role.SAFETY_OFFICER)
    case = make_case(primary)
    cases.join_team(case.id, colleague.user_id, actor=actor_of(primary), now=utc_now())
    now = utc_now()
    report = violence.record_violence(case, THREAT, actor=actor_of(colleague), now=now)
    assert (report.kinds, report.happened_on) == (["digital", "threat"], local_date(now))
    row = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.SAFETY_REVIEW)).one()
    assert (row.due_on, row.owner_id) == (local_date(now) + timedelta(days=1), primary.user_id)
    wanted = sa.select(Message.recipient_id).where(Message.kind == MessageKind.SAFETY_REVIEW_WANTED)
    assert set(session.scalars(wanted)) == {primary.user_id, officer.user_id}
    (line,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.VIOLENCE_RECORDED))
    assert (line.fields, line.reason) == ([], None) or not line.fields


def test_of_him_nothing_is_kept_but_what_he_is_to_her() -> None:
    of_him = {"name", "address", "phone", "cpr", "birth", "perpetrator", "index"}
    columns = set(ViolenceReport.__table__.columns.keys())
    assert not {column for column in columns if any(word in column for word in of_him)}
    assert "by_whom" in columns


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (violence.Told([], ByWhom.UNKNOWN), "kinds"),
        (
            violence.Told(
                [ViolenceKind.THREAT],
                ByWhom.UNKNOWN,
                happened_on=local_date(utc_now()) + timedelta(days=2),
                police=PoliceTold.NO,
            ),
            "happened_on",
        ),
    ],
)
def test_what_is_missing_is_said(session: Any, told: violence.Told, field: str) -> None:
    member = make_member()
    with pytest.raises(Invalid) as refusal:
        violence.record_violence(make_case(member), told, actor=actor_of(member), now=utc_now())
    assert refusal.value.field == field
    assert reviews(session) == []


def test_who_does_not_work_in_cases_and_a_closed_case_are_refused() -> None:
    member = make_member()
    case = make_case(member)
    with pytest.raises(Forbidden):
        violence.record_violence(case, THREAT, actor=actor_of(make_member(Role.VOLUNTEER)), now=utc_now())
    closing.close_case(case, Unfinished(), actor=actor_of(member), now=utc_now())
    with pytest.raises(NotNow):
        violence.record_violence(case, THREAT, actor=actor_of(member), now=utc_now())
    with pytest.raises(NotNow):
        violence.keep_answers(case, Answers(feels_safe=5), actor=actor_of(member), now=utc_now())


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Answers(feels_safe=6), Answers(feels_safe=5), []),
        (Answers(feels_safe=6), Answers(feels_safe=4), [ReviewReason.SAFETY_QUESTIONS]),
        (Answers(new_violence=False), Answers(feels_safe=3), [ReviewReason.SAFETY_QUESTIONS]),
        (Answers(feels_safe=6), Answers(unwanted_contact=True), [ReviewReason.SAFETY_QUESTIONS]),
    ],
)
def test_the_last_answer_counts(session: Any, first: Answers, second: Answers, expected: list[ReviewReason]) -> None:
    member = make_member()
    case, actor, now = make_case(member), actor_of(member), utc_now()
    assert not violence.keep_answers(case, first, actor=actor, now=now - timedelta(days=7))
    assert violence.keep_answers(case, second, actor=actor, now=now) is bool(expected)
    assert reviews(session) == expected
    assert session.scalar(sa.select(sa.func.count()).select_from(SafetyCheck)) == 2


def test_nothing_answered_is_nothing_kept_and_a_number_has_its_scale(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member), actor_of(member)
    assert not violence.keep_answers(case, Answers(), actor=actor, now=utc_now())
    for number in (0, 8):
        with pytest.raises(Invalid):
            violence.keep_answers(case, Answers(feels_safe=number), actor=actor, now=utc_now())
    assert session.scalar(sa.select(sa.func.count()).select_from(SafetyCheck)) == 0
