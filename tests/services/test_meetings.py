"""Meetings and the work list, on the real database."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import MeetingCancelReason, MeetingKind, PlaceKind, TrackKind
from portal.core.messages import MessageKind
from portal.core.states import DeadlineState, MeetingState, RequestState
from portal.db import db
from portal.models.deadlines import Deadline
from portal.models.messages import Message
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


def test_a_talk_that_turns_out_not_to_have_been_held_is_not_held_for_the_request_either() -> None:
    made = make_request(RequestState.IN_VISITATION, offer=make_offer(TrackKind.HOUSING))
    actor, now = actor_of(made.intake), utc_now()
    talk, later = (
        make_meeting(made.intake, None, request_id=made.request.id, step="visit", ahead=timedelta(minutes=minutes))
        for minutes in (-120, 0)
    )
    meetings.hold(talk, actor=actor, now=now)
    assert "visit" in made.request.steps
    meetings.not_met(talk, "Hun blev syg", actor=actor, now=now)
    assert (talk.note, made.request.steps) == ("Hun blev syg", {})
    for one in (talk, later):
        meetings.hold(one, actor=actor, now=now)
    meetings.not_met(later, actor=actor, now=now)
    assert made.request.steps == {"visit": local_date(talk.starts_at).isoformat()}


def test_a_held_meeting_lasts_as_long_as_it_did() -> None:
    member, now = make_member(), utc_now()
    meeting, actor = make_meeting(member, make_case(member)), actor_of(member)
    for minutes in (0, -5, 24 * 60 + 1):
        with pytest.raises(Invalid) as refusal:
            meetings.hold(meeting, minutes=minutes, actor=actor, now=now)
        assert (refusal.value.field, meeting.state) == ("minutes", MeetingState.PLANNED)
    meetings.hold(meeting, "Bisidder ønskes", 45, actor=actor, now=now)
    assert meeting.ends_at - meeting.starts_at == timedelta(minutes=45)


def test_a_note_belongs_to_a_meeting_that_was_held() -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member))
    with pytest.raises(NotNow):
        meetings.write_note(meeting, "Før tid", actor=actor_of(member), now=utc_now())


def test_a_longer_meeting_at_the_same_time_has_not_been_moved() -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member), ahead=timedelta(days=1))
    end = meeting.starts_at + timedelta(hours=3)
    meetings.move(meeting, meeting.starts_at, end, actor=actor_of(member), now=utc_now())
    assert (meeting.moved_from, meeting.ends_at) == (None, end)


def test_whoever_holds_it_is_told_what_a_colleague_changes_and_not_what_she_does_herself() -> None:
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    meeting = make_meeting(member, make_case(member), ahead=timedelta(days=1))
    told = sa.select(Message.recipient_id, Message.kind).where(Message.subject_public_id == meeting.public_id)
    assert db.session.execute(told).all() == []
    meetings.cancel(meeting, MeetingCancelReason.OTHER, actor=actor_of(colleague), now=utc_now())
    assert [tuple(row) for row in db.session.execute(told)] == [(member.user_id, MessageKind.MEETING_CHANGED)]


def test_the_machine_plans_meetings_and_a_volunteer_does_not() -> None:
    member, now = make_member(), utc_now()
    facts: dict[str, Any] = {
        "kind": MeetingKind.TALK,
        "place_kind": PlaceKind.OUR_ROOMS,
        "starts_at": now,
        "ends_at": now + timedelta(hours=1),
        "responsible_id": member.user_id,
        "organisation_id": member.organisation_id,
    }
    assert meetings.plan(actor=SYSTEM, now=now, **facts).state is MeetingState.PLANNED
    with pytest.raises(Forbidden):
        meetings.plan(actor=actor_of(make_member(Role.VOLUNTEER)), now=now, **facts)


def test_a_meeting_is_not_moved_into_the_past() -> None:
    member, now = make_member(), utc_now()
    meeting = make_meeting(member, make_case(member), ahead=timedelta(days=1))
    planned = meeting.starts_at
    with pytest.raises(Invalid) as refusal:
        meetings.move(meeting, now - timedelta(hours=1), now + timedelta(hours=1), actor=actor_of(member), now=now)
    assert refusal.value.field == "day"
    assert (meeting.starts_at, meeting.moved_from) == (planned, None)
