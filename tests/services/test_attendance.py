"""Marks at a group meeting, and leaving a group."""

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.errors import NotFound
from portal.core.kinds import EndReason
from portal.core.states import EnrolmentState, Presence
from portal.db import db
from portal.models.enrolments import Enrolment
from portal.models.groups import GroupRound
from portal.queries import enrolments as enrolment_queries
from portal.queries import groups as queries
from portal.services import attendance
from tests.factories.enrolments import UNCHECKED
from tests.factories.groups import GroupHouse, make_group, make_nominated, make_participant
from tests.factories.people import actor_of

pytestmark = pytest.mark.usefixtures("session")


def in_group(house: GroupHouse) -> Enrolment:
    return enrolment_queries.get(actor_of(house.leader), make_participant(house).public_id)


def taken(house: GroupHouse) -> int:
    return db.session.scalars(sa.select(GroupRound.taken).where(GroupRound.id == house.round.id)).one()


def test_a_touch_turns_her_mark_and_coming_begins_her_course() -> None:
    house, now = make_group(), utc_now()
    course, meeting = in_group(house), queries.list_sessions(house.round.id)[0]
    given = {"actor": actor_of(house.leader), "now": now}
    for presence in (Presence.PRESENT, Presence.LATE):
        attendance.set_presence(meeting, course, presence, **given)
    assert queries.marks(house.round.id) == {(meeting.id, course.id): Presence.LATE}
    assert (course.state, course.started_on) == (EnrolmentState.ACTIVE, local_date(meeting.starts_at))


def test_nobody_is_marked_in_another_round_or_without_a_seat() -> None:
    house, now = make_group(), utc_now()
    actor, meeting = actor_of(house.leader), queries.list_sessions(house.round.id)[0]
    waiting = enrolment_queries.get(actor, make_nominated(house).public_id)
    other = make_group()
    elsewhere = in_group(other)
    for course in (waiting, elsewhere):
        with pytest.raises(NotFound):
            attendance.set_presence(meeting, course, Presence.PRESENT, actor=actor, now=now)
    assert queries.marks(house.round.id) == {}


def test_she_leaves_before_or_after_she_has_come_and_the_seat_is_free() -> None:
    house, now = make_group(), utc_now()
    actor, today = actor_of(house.leader), local_date(now)
    never, came = in_group(house), in_group(house)
    meeting = queries.list_sessions(house.round.id)[0]
    attendance.set_presence(meeting, came, Presence.PRESENT, actor=actor, now=now)
    assert taken(house) == 2
    leaving = attendance.Leaving(EndReason.HER_WISH, today, unchecked=UNCHECKED)
    for course in (never, came):
        attendance.leave(house.round, course, leaving, actor=actor, now=now)
    assert (never.state, came.state) == (EnrolmentState.NEVER_STARTED, EnrolmentState.ENDED_EARLY)
    assert taken(house) == 0


def test_she_cannot_leave_a_round_that_she_is_not_in() -> None:
    house, other = make_group(), make_group()
    course = in_group(other)
    with pytest.raises(NotFound):
        attendance.leave(
            house.round,
            course,
            attendance.Leaving(EndReason.HER_WISH, local_date(utc_now()), unchecked=UNCHECKED),
            actor=actor_of(house.leader),
            now=utc_now(),
        )
    assert taken(other) == 1
