"""Seats, marks and what follows from them, on the real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.clock import add_weekdays, local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid, NotNow
from portal.core.kinds import EndReason, MeetingCancelReason
from portal.core.states import DeadlineState, EnrolmentState, MeetingState, Presence, RoundState
from portal.db import db, transaction
from portal.domain.groups import RoundAction
from portal.models.access import CaseBlock
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.groups import GroupRound
from portal.models.users import User
from portal.queries import enrolments as enrolment_queries
from portal.queries import groups as queries
from portal.services import attendance, blocks, groups, meetings
from tests.factories.enrolments import UNCHECKED
from tests.factories.groups import make_group, make_nominated, make_participant
from tests.factories.people import actor_of

in_session = pytest.mark.usefixtures("session")


@in_session
def test_meetings_are_made_with_the_round_and_holidays_give_way() -> None:
    house = make_group(starts_on=date(2026, 3, 30), starts_at=time(17), session_count=3)
    days = [local_date(one.starts_at) for one in queries.list_sessions(house.round.id)]
    assert days == [date(2026, 3, 30), date(2026, 4, 7), date(2026, 4, 13)]
    assert queries.list_sessions(house.round.id)[1].moved_from is not None


@in_session
def test_two_absences_put_a_friendly_word_on_the_list_of_the_primary() -> None:
    house, now = make_group(), utc_now()
    course, actor = make_participant(house), actor_of(house.leader)
    course = enrolment_queries.get(actor, course.public_id)
    first, second = queries.list_sessions(house.round.id)[:2]
    attendance.set_presence(first, course, Presence.NOT_MET, actor=actor, now=now)
    asked = sa.select(Deadline).where(Deadline.kind == DeadlineKind.WELFARE_CHECK)
    assert db.session.scalar(asked) is None
    attendance.set_presence(second, course, Presence.NOT_MET, actor=actor, now=now)
    deadline = db.session.scalars(asked.execution_options(populate_existing=True)).one()
    assert deadline.owner_id == house.contact.user_id
    assert deadline.due_on == add_weekdays(local_date(now), 2)
    attendance.set_presence(second, course, Presence.EXCUSED, actor=actor, now=now)
    again = db.session.scalars(asked.execution_options(populate_existing=True)).one()
    assert again.state is DeadlineState.DONE


@in_session
def test_coming_begins_her_course_and_leaving_frees_the_seat() -> None:
    house, now = make_group(), utc_now()
    actor = actor_of(house.leader)
    course = enrolment_queries.get(actor, make_participant(house).public_id)
    meeting = queries.list_sessions(house.round.id)[0]
    attendance.set_presence(meeting, course, Presence.PRESENT, actor=actor, now=now)
    assert course.state is EnrolmentState.ACTIVE
    row = queries.get(actor, house.round.public_id)
    assert row.taken == 1
    leaving = attendance.Leaving(EndReason.HER_WISH, local_date(now), unchecked=UNCHECKED)
    attendance.leave(row, course, leaving, actor=actor, now=now)
    assert queries.get(actor, house.round.public_id).taken == 0


@in_session
def test_a_cancelled_round_gives_everybody_back_to_the_line() -> None:
    house, now = make_group(), utc_now()
    course, actor = make_participant(house), actor_of(house.leader)
    groups.advance(house.round, RoundAction.CANCEL, actor=actor, now=now)
    assert db.session.get_one(Enrolment, course.id, populate_existing=True).round_id is None
    assert {one.state for one in queries.list_sessions(house.round.id)} == {MeetingState.CANCELLED}


@in_session
def test_too_few_participants_and_a_future_start_are_told() -> None:
    house, now = make_group(places_min=2, starts_on=local_date(utc_now()) + timedelta(days=7)), utc_now()
    actor = actor_of(house.leader)
    for _ in range(2):
        with pytest.raises(NotNow):
            groups.advance(house.round, RoundAction.CONFIRM, actor=actor, now=now)
        make_participant(house)
    groups.advance(house.round, RoundAction.CONFIRM, actor=actor, now=now)
    with pytest.raises(NotNow):
        groups.advance(house.round, RoundAction.START, actor=actor, now=now)
    assert house.round.state is RoundState.CONFIRMED


@in_session
def test_a_seat_is_given_once() -> None:
    house = make_group()
    course = make_participant(house)
    with pytest.raises(Conflict):
        groups.place(house.round, course, actor=actor_of(house.leader), now=utc_now())


def test_the_last_seat_is_given_to_one(app: Flask, committed: Session) -> None:
    with transaction():
        house = make_group(places_max=1)
        ids = [make_nominated(house).id for _ in range(2)]
        actor, round_id = actor_of(house.leader), house.round.id
    barrier = Barrier(2, timeout=60)

    def place(number: int) -> bool:
        with app.app_context():
            row, course = db.session.get_one(GroupRound, round_id), db.session.get_one(Enrolment, ids[number])
            barrier.wait()
            try:
                with transaction():
                    groups.place(row, course, actor=actor, now=utc_now())
                return True
            except DomainError:
                return False

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(place, range(2)))
    assert sorted(won) == [False, True]
    assert committed.get_one(GroupRound, round_id, populate_existing=True).taken == 1


@in_session
def test_a_round_is_planned_at_home_and_not_for_the_distant_past() -> None:
    house, now = make_group(), utc_now()
    new = groups.NewRound(
        name="Sent",
        starts_on=local_date(now) - timedelta(days=367),
        starts_at=time(17),
        session_minutes=120,
        session_count=4,
        step_days=7,
        places_min=1,
        places_max=2,
        leader_ids=(house.leader.user_id, house.other.user_id),
    )
    with pytest.raises(Invalid) as refusal:
        groups.plan_round(house.offer, new, actor=actor_of(house.leader), now=now)
    assert refusal.value.field == "starts_on"
    with pytest.raises(Forbidden):
        groups.plan_round(house.offer, new, actor=actor_of(make_group().leader), now=now)


@in_session
def test_a_round_is_not_stepped_by_a_seat_nor_by_another_house() -> None:
    house, now = make_group(), utc_now()
    for action in (RoundAction.PLACE, RoundAction.LEAVE):
        with pytest.raises(NotNow):
            groups.advance(house.round, action, actor=actor_of(house.leader), now=now)
    with pytest.raises(Forbidden):
        groups.advance(house.round, RoundAction.CANCEL, actor=actor_of(make_group().leader), now=now)
    assert house.round.state is RoundState.ENROLLING


@in_session
def test_a_round_is_completed_when_no_meeting_is_open() -> None:
    house, now = make_group(places_min=1), utc_now()
    actor = actor_of(house.leader)
    make_participant(house)
    for action in (RoundAction.CONFIRM, RoundAction.START):
        groups.advance(house.round, action, actor=actor, now=now)
    with pytest.raises(NotNow):
        groups.advance(house.round, RoundAction.COMPLETE, actor=actor, now=now)
    for meeting in queries.list_sessions(house.round.id):
        meetings.cancel(meeting, MeetingCancelReason.OTHER, actor=actor, now=now)
    groups.advance(house.round, RoundAction.COMPLETE, actor=actor, now=now)
    assert house.round.state is RoundState.COMPLETED


@in_session
def test_a_seat_is_for_those_of_the_same_programme() -> None:
    house, other = make_group(), make_group()
    course = make_nominated(other)
    with pytest.raises(Invalid):
        groups.place(house.round, course, actor=actor_of(house.leader), now=utc_now())
    assert (course.round_id, house.round.taken) == (None, 0)


@in_session
def test_she_is_not_seated_with_a_leader_who_is_kept_out_of_her_case() -> None:
    house = make_group()
    course = make_nominated(house)
    case = db.session.get_one(Case, course.case_id)
    blocks.keep_out(case, reason=None, user_id=house.other.user_id, actor=actor_of(house.contact), now=utc_now())
    with pytest.raises(Invalid) as refusal:
        groups.place(house.round, course, actor=actor_of(house.leader), now=utc_now())
    assert house.round.taken == 0
    name = db.session.get_one(User, house.other.user_id).name
    assert name not in str(refusal.value)
    row = db.session.scalars(sa.select(CaseBlock)).one()
    row.ended_at = utc_now()
    groups.place(house.round, course, actor=actor_of(house.leader), now=utc_now())
    assert house.round.taken == 1


@in_session
def test_giving_a_seat_back_without_one_changes_nothing() -> None:
    house = make_group()
    make_participant(house)
    groups.free_seat(make_nominated(house), actor=actor_of(house.leader), now=utc_now())
    db.session.refresh(house.round)
    assert house.round.taken == 1
