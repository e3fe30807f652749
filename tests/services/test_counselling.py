"""The statutory counselling stands by itself: offered by the move, six months after it, twelve at the longest."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.courses import CounsellingAnswer, CounsellingEnd
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import DeadlineKind, NeedArea, TrackKind
from portal.core.states import CounsellingState, DeadlineState
from portal.db import db
from portal.models.counselling import CoordinatingCounselling
from portal.models.deadlines import Deadline
from portal.models.users import Membership
from portal.queries import counselling as queries
from portal.services import counselling
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
MOVED = date(2026, 8, 31)
NOW = datetime.combine(date(2026, 9, 10), time(11), UTC)


def due(kind: DeadlineKind) -> list[date]:
    return list(
        db.session.scalars(
            sa.select(Deadline.due_on).where(Deadline.kind == kind, Deadline.state == DeadlineState.OPEN)
        )
    )


def begun() -> tuple[Membership, Actor, CoordinatingCounselling]:
    adviser = make_member(Role.MUNICIPAL_ADVISER)
    actor, case = actor_of(adviser), make_case(adviser, now=NOW)
    row = counselling.offer(case.id, offered_on=date(2026, 9, 1), areas=[NeedArea.HOUSING], actor=actor, now=NOW)
    counselling.answer(row, CounsellingAnswer.YES, answered_on=date(2026, 9, 2), actor=actor, now=NOW)
    counselling.start(row, started_on=date(2026, 9, 3), moved_on=MOVED, actor=actor, now=NOW)
    return adviser, actor, row


def test_admission_puts_it_on_record_once_and_the_planned_move_is_the_day_for_the_offer() -> None:
    contact = make_member()
    actor, case = actor_of(contact), make_case(contact, now=NOW)
    counselling.note_admission(case, actor=actor, now=NOW)
    assert due(DeadlineKind.COUNSELLING_OFFER) == []
    for day in (date(2026, 10, 1), date(2026, 10, 15)):
        case.planned_move_on = day
        counselling.note_plan(case, actor=actor, now=NOW)
        assert due(DeadlineKind.COUNSELLING_OFFER) == [day]
    found = db.session.scalars(sa.select(CoordinatingCounselling)).one()
    assert found.state is CounsellingState.NOT_OFFERED


def test_a_move_without_an_offer_makes_the_offer_due() -> None:
    contact = make_member()
    case = make_case(contact, now=NOW)
    counselling.note_move(case.id, MOVED, actor=actor_of(contact), now=NOW)
    assert due(DeadlineKind.COUNSELLING_OFFER) == [MOVED]
    counselling.offer(case.id, offered_on=MOVED, actor=actor_of(make_member(Role.MUNICIPAL_ADVISER)), now=NOW)
    assert due(DeadlineKind.COUNSELLING_OFFER) == []


def test_it_is_planned_for_six_months_after_the_move() -> None:
    _adviser, _actor, row = begun()
    assert (row.state, row.planned_end_on) == (CounsellingState.STARTED, date(2027, 2, 28))
    assert due(DeadlineKind.COUNSELLING_END) == [date(2027, 2, 28)]


def test_it_is_extended_to_twelve_months_with_a_reason_and_a_colleague() -> None:
    adviser, actor, row = begun()
    colleague = make_member(Role.MUNICIPAL_ADVISER, adviser.organisation).user_id
    stranger = make_member(Role.MUNICIPAL_ADVISER).user_id
    longest = date(2027, 8, 31)
    for until, reason, approver in (
        (longest + timedelta(days=1), "Retssag", colleague),
        (longest, " ", colleague),
        (longest, "Retssag", adviser.user_id),
        (longest, "Retssag", stranger),
    ):
        with pytest.raises(Invalid):
            counselling.extend(
                row, until=until, reason=reason, approver_id=approver, moved_on=MOVED, actor=actor, now=NOW
            )
    counselling.extend(
        row, until=longest, reason="Retssag", approver_id=colleague, moved_on=MOVED, actor=actor, now=NOW
    )
    assert due(DeadlineKind.COUNSELLING_END) == [longest]
    counselling.note_move(row.case_id, MOVED, actor=actor, now=NOW)
    assert row.planned_end_on == longest


def test_it_ends_with_a_reason_and_only_once() -> None:
    _adviser, actor, row = begun()
    with pytest.raises(Invalid):
        counselling.end(row, CounsellingEnd.ESTABLISHED, ended_on=date(2026, 9, 1), actor=actor, now=NOW)
    counselling.end(row, CounsellingEnd.ESTABLISHED, ended_on=date(2026, 9, 9), actor=actor, now=NOW)
    assert due(DeadlineKind.COUNSELLING_END) == []
    with pytest.raises(NotNow):
        counselling.end(row, CounsellingEnd.OTHER, ended_on=date(2026, 9, 9), actor=actor, now=NOW)


def test_no_answer_is_an_answer_and_she_may_be_asked_again() -> None:
    adviser = make_member(Role.MUNICIPAL_ADVISER)
    actor, case = actor_of(adviser), make_case(adviser, now=NOW)
    row = counselling.offer(case.id, offered_on=date(2026, 9, 5), actor=actor, now=NOW)
    with pytest.raises(Invalid):
        counselling.answer(row, CounsellingAnswer.YES, answered_on=date(2026, 9, 4), actor=actor, now=NOW)
    counselling.answer(row, CounsellingAnswer.NO_ANSWER, answered_on=date(2026, 9, 8), actor=actor, now=NOW)
    counselling.answer(row, CounsellingAnswer.NO, answered_on=date(2026, 9, 9), actor=actor, now=NOW)
    again = counselling.offer(case.id, offered_on=date(2026, 9, 10), actor=actor, now=NOW)
    assert (again.id, again.state) == (row.id, CounsellingState.OFFERED)


def test_only_the_municipality_offers_it() -> None:
    contact = make_member()
    with pytest.raises(Forbidden):
        counselling.offer(make_case(contact).id, offered_on=MOVED, actor=actor_of(contact), now=NOW)


def test_a_course_that_begins_begins_the_counselling() -> None:
    _worker, course = make_enrolment(TrackKind.COORDINATING_COUNSELLING, is_started=True)
    assert queries.get(course.case_id).state is CounsellingState.STARTED
