"""Meetings and the work list, on the real database."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, NotNow
from portal.core.kinds import MeetingCancelReason, TrackKind
from portal.core.states import DeadlineState, MeetingState, RequestState
from portal.db import db
from portal.models.deadlines import Deadline
from portal.queries import meetings as queries
from portal.services import meetings
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_offer, make_request

pytestmark = pytest.mark.usefixtures("session")


@pytest.mark.parametrize(
    ("state", "left"),
    [
        (MeetingState.PLANNED, DeadlineState.OPEN),
        (MeetingState.HELD, DeadlineState.DONE),
        (MeetingState.NOT_MET, DeadlineState.DONE),
        (MeetingState.CANCELLED, DeadlineState.CANCELLED),
    ],
)
def test_the_outcome_stands_on_the_list_until_it_is_told(state: MeetingState, left: DeadlineState) -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member), state)
    found = db.session.scalars(sa.select(Deadline.state).where(Deadline.subject_public_id == meeting.public_id)).all()
    assert found == [left]


def test_a_moved_meeting_remembers_its_first_time() -> None:
    member, now = make_member(), utc_now()
    meeting, actor = make_meeting(member, make_case(member)), actor_of(member)
    first = meeting.starts_at
    for days in (1, 2):
        start = first + timedelta(days=days)
        meetings.move(meeting, start, start + timedelta(hours=1), actor=actor, now=now)
    assert meeting.moved_from == first


def test_another_organisation_may_not_change_it() -> None:
    member, other = make_member(), make_member()
    meeting = make_meeting(member, make_case(member))
    with pytest.raises(Forbidden):
        meetings.cancel(meeting, MeetingCancelReason.OTHER, actor=actor_of(other), now=utc_now())


def test_what_lies_ahead_cannot_have_been_held() -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member), ahead=timedelta(days=2))
    with pytest.raises(NotNow):
        meetings.hold(meeting, actor=actor_of(member), now=utc_now())


def test_two_meetings_at_once_are_flagged_not_refused() -> None:
    member = make_member()
    case = make_case(member)
    first, second = make_meeting(member, case), make_meeting(member, case, ahead=timedelta(minutes=30))
    make_meeting(member, case, ahead=timedelta(hours=3))
    assert [row.public_id for row in queries.find_clashes(actor_of(member), [second])] == [first.public_id]


def test_a_talk_before_the_decision_is_written_into_the_request() -> None:
    made = make_request(RequestState.IN_VISITATION, offer=make_offer(TrackKind.HOUSING))
    meeting = make_meeting(made.intake, None, MeetingState.HELD, request_id=made.request.id, step="motivation")
    assert "motivation" in made.request.steps
    assert queries.get(actor_of(made.intake), meeting.public_id).request_id == made.request.id
    assert actor_of(made.intake).role is Role.INTAKE


def test_her_next_dates_are_three_and_leave_cancelled_ones_out() -> None:
    member, now = make_member(), utc_now()
    case = make_case(member)
    for days in (5, 1, 3, 2):
        make_meeting(member, case, ahead=timedelta(days=days))
    make_meeting(member, case, MeetingState.CANCELLED, ahead=timedelta(hours=5))
    dates = queries.next_dates(actor_of(member), case.id, now=now)
    assert [round((one.starts_at - now) / timedelta(days=1)) for one in dates] == [1, 2, 3]
