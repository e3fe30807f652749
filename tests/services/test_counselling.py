"""The statutory counselling stands by itself: offered by the move, six months after it, twelve at the longest."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.courses import CounsellingAnswer, CounsellingEnd
from portal.core.deadlines import DeadlineCause, DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import NeedArea, TrackKind
from portal.core.states import CounsellingState, DeadlineState
from portal.db import db
from portal.models.cases import Case
from portal.models.counselling import CoordinatingCounselling
from portal.models.deadlines import Deadline, DeadlineChange
from portal.models.enrolments import Enrolment
from portal.models.stays import Stay
from portal.models.users import Membership
from portal.queries import counselling as queries
from portal.services import counselling, stays
from portal.services import counselling_records as records
from portal.services.cases import join_team
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


def make_stay(case: Case, admitted_on: date) -> Stay:
    stay = Stay(case_id=case.id, organisation_id=case.owner_organisation_id, admitted_on=admitted_on)
    db.session.add(stay)
    db.session.flush()
    return stay


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
    records.note_admission(case, make_stay(case, NOW.date()), actor=actor, now=NOW)
    assert due(DeadlineKind.COUNSELLING_OFFER) == []
    for day in (date(2026, 10, 1), date(2026, 10, 15)):
        case.planned_move_on = day
        records.note_plan(case, actor=actor, now=NOW)
        assert due(DeadlineKind.COUNSELLING_OFFER) == [day]
    found = db.session.scalars(sa.select(CoordinatingCounselling)).one()
    assert found.state is CounsellingState.NOT_OFFERED


def test_a_move_without_an_offer_makes_the_offer_due() -> None:
    contact = make_member()
    case = make_case(contact, now=NOW)
    records.note_move(case.id, MOVED, actor=actor_of(contact), now=NOW)
    assert due(DeadlineKind.COUNSELLING_OFFER) == [MOVED]
    counselling.offer(case.id, offered_on=MOVED, actor=actor_of(make_member(Role.MUNICIPAL_ADVISER)), now=NOW)
    assert due(DeadlineKind.COUNSELLING_OFFER) == []


def test_it_is_planned_for_six_months_after_the_move() -> None:
    _adviser, _actor, row = begun()
    assert (row.state, row.planned_end_on) == (CounsellingState.STARTED, date(2027, 2, 28))
    assert due(DeadlineKind.COUNSELLING_END) == [date(2027, 2, 28)]


def test_without_a_move_it_has_no_end_and_is_looked_at_until_the_move_sets_one() -> None:
    contact, adviser = make_member(), make_member(Role.MUNICIPAL_ADVISER)
    actor, case = actor_of(adviser), make_case(contact, now=NOW)
    stays.record_stay(case, admitted_on=date(2026, 7, 1), actor=actor_of(contact), now=NOW)
    row = counselling.offer(case.id, offered_on=MOVED, actor=actor, now=NOW)
    counselling.answer(row, CounsellingAnswer.YES, answered_on=MOVED, actor=actor, now=NOW)
    counselling.start(row, started_on=date(2026, 9, 1), moved_on=None, actor=actor, now=NOW)
    assert (row.planned_end_on, due(DeadlineKind.COUNSELLING_END)) == (None, [date(2027, 3, 1)])
    stays.end_stay(case, discharged_on=date(2026, 9, 8), actor=actor_of(contact), now=NOW)
    assert (row.planned_end_on, due(DeadlineKind.COUNSELLING_END)) == (None, [date(2027, 3, 8)])
    records.note_move(case.id, date(2026, 9, 9), actor=actor, now=NOW)
    assert (row.planned_end_on, due(DeadlineKind.COUNSELLING_END)) == (date(2027, 3, 9), [date(2027, 3, 9)])


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
    # The line of that day says why and by whom, as the counselling does.
    (change,) = db.session.scalars(sa.select(DeadlineChange).execution_options(populate_existing=True))
    assert (change.cause, change.to_on, change.reason) == (DeadlineCause.EXTENDED, longest, "Retssag")
    assert (change.asked_by_id, change.answered_by_id) == (adviser.user_id, colleague)
    records.note_move(row.case_id, MOVED, actor=actor, now=NOW)
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


def test_whoever_works_with_her_writes_offer_and_answer_down_and_the_municipality_begins_it() -> None:
    contact = make_member()
    actor, case = actor_of(contact), make_case(contact)
    row = counselling.offer(case.id, offered_on=MOVED, actor=actor, now=NOW)
    counselling.answer(row, CounsellingAnswer.YES, answered_on=MOVED, actor=actor, now=NOW)
    assert (row.state, row.offered_by_id) == (CounsellingState.ACCEPTED, contact.user_id)
    with pytest.raises(Forbidden):
        counselling.start(row, started_on=MOVED, moved_on=MOVED, actor=actor, now=NOW)
    with pytest.raises(Forbidden):
        counselling.offer(case.id, offered_on=MOVED, actor=actor_of(make_member(Role.VOLUNTEER)), now=NOW)


def test_a_course_that_begins_begins_the_counselling() -> None:
    _worker, course = make_enrolment(TrackKind.COORDINATING_COUNSELLING, is_started=True)
    assert queries.get(course.case_id).state is CounsellingState.STARTED


def put_on_record(state: CounsellingState) -> tuple[Actor, Enrolment, CoordinatingCounselling]:
    """A municipal course, and the counselling of its case in a state."""
    worker, course = make_enrolment(TrackKind.COORDINATING_COUNSELLING)
    row = queries.get(course.case_id)
    row.state = state
    db.session.flush()
    return actor_of(worker), course, row


@pytest.mark.parametrize("state", CounsellingState)
def test_a_municipality_that_takes_her_in_has_offered_it_unless_it_went_on_already(state: CounsellingState) -> None:
    actor, course, row = put_on_record(state)
    row.offered_on = None
    counselling.open_counselling(course, actor=actor, now=NOW)
    asks_anew = state in (
        CounsellingState.NOT_OFFERED,
        CounsellingState.DECLINED,
        CounsellingState.LATER,
        CounsellingState.NO_ANSWER,
    )
    assert row.enrolment_id == course.id
    assert row.state is (CounsellingState.OFFERED if asks_anew else state)
    assert row.offered_on == (NOW.date() if asks_anew else None)


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (CounsellingState.OFFERED, CounsellingState.STARTED),
        (CounsellingState.NO_ANSWER, CounsellingState.STARTED),
        (CounsellingState.LATER, CounsellingState.STARTED),
        (CounsellingState.ACCEPTED, CounsellingState.STARTED),
        (CounsellingState.DECLINED, CounsellingState.DECLINED),
        (CounsellingState.ENDED, CounsellingState.ENDED),
    ],
)
def test_a_course_that_begins_takes_the_counselling_along_where_it_waits(
    state: CounsellingState, after: CounsellingState
) -> None:
    actor, course, row = put_on_record(state)
    counselling.begin(course, actor=actor, now=NOW)
    assert row.state is after


@pytest.mark.parametrize(
    ("ends", "reason"), [(counselling.complete, CounsellingEnd.ESTABLISHED), (counselling.stop, CounsellingEnd.OTHER)]
)
def test_the_counselling_ends_with_its_course(ends: Any, reason: CounsellingEnd) -> None:
    actor, course, row = put_on_record(CounsellingState.STARTED)
    ends(course, actor=actor, now=NOW)
    assert (row.state, row.end_reason, row.ended_on) == (CounsellingState.ENDED, reason.value, NOW.date())


def test_a_counselling_that_never_began_is_not_ended_with_a_course() -> None:
    actor, course, row = put_on_record(CounsellingState.OFFERED)
    counselling.stop(course, actor=actor, now=NOW)
    assert (row.state, row.ended_on) == (CounsellingState.OFFERED, None)


def test_no_day_of_it_lies_ahead_or_before_the_one_that_led_there() -> None:
    adviser = make_member(Role.MUNICIPAL_ADVISER)
    actor, case, tomorrow = actor_of(adviser), make_case(adviser, now=NOW), NOW.date() + timedelta(days=1)
    with pytest.raises(Invalid) as refusal:
        counselling.offer(case.id, offered_on=tomorrow, actor=actor, now=NOW)
    assert refusal.value.field == "offered_on"
    row = counselling.offer(case.id, offered_on=NOW.date(), actor=actor, now=NOW)
    for day in (tomorrow, NOW.date() - timedelta(days=1)):
        with pytest.raises(Invalid) as refusal:
            counselling.answer(row, CounsellingAnswer.YES, answered_on=day, actor=actor, now=NOW)
        assert refusal.value.field == "answered_on"
    counselling.answer(row, CounsellingAnswer.YES, answered_on=NOW.date(), actor=actor, now=NOW)
    with pytest.raises(Invalid) as refusal:
        counselling.start(row, started_on=tomorrow, moved_on=MOVED, actor=actor, now=NOW)
    assert (refusal.value.field, row.state) == ("started_on", CounsellingState.ACCEPTED)


def test_without_a_course_the_end_is_the_adviser_s_and_her_house_s_whoever_plans_the_move() -> None:
    contact, adviser = make_member(), make_member(Role.MUNICIPAL_ADVISER)
    case, who = make_case(contact, now=NOW), {"actor": actor_of(adviser), "now": NOW}
    join_team(case.id, adviser.user_id, actor=actor_of(contact), now=NOW)
    row = counselling.offer(case.id, offered_on=NOW.date(), **who)
    counselling.answer(row, CounsellingAnswer.YES, answered_on=NOW.date(), **who)
    counselling.start(row, started_on=NOW.date(), moved_on=None, **who)
    records.note_move(case.id, MOVED, actor=actor_of(contact), now=NOW)
    end = db.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.COUNSELLING_END)).one()
    assert (end.owner_id, end.organisation_id) == (adviser.user_id, adviser.organisation_id)
