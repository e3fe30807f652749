"""Meetings with one woman."""

from datetime import datetime, timedelta
from typing import Any

from portal.core.clock import utc_now
from portal.core.kinds import MeetingCancelReason, MeetingKind, PlaceKind
from portal.core.states import MeetingState
from portal.models.cases import Case
from portal.models.meetings import Meeting
from portal.models.users import Membership
from portal.services import meetings
from tests.factories.people import actor_of


def make_meeting(
    member: Membership,
    case: Case | None = None,
    state: MeetingState = MeetingState.PLANNED,
    *,
    ahead: timedelta = timedelta(),
    now: datetime | None = None,
    **values: Any,
) -> Meeting:
    """A talk of an hour that begins now, or `ahead`, brought to a state by the services."""
    now = now or utc_now()
    actor = actor_of(member)
    facts: dict[str, Any] = {"kind": MeetingKind.TALK, "place_kind": PlaceKind.OUR_ROOMS} | values
    meeting = meetings.plan(
        starts_at=now + ahead,
        ends_at=now + ahead + timedelta(hours=1),
        responsible_id=member.user_id,
        organisation_id=member.organisation_id,
        case_id=case.id if case else None,
        actor=actor,
        now=now,
        **facts,
    )
    if state is MeetingState.HELD:
        meetings.hold(meeting, actor=actor, now=now)
    elif state is MeetingState.NOT_MET:
        meetings.not_met(meeting, actor=actor, now=now)
    elif state is MeetingState.CANCELLED:
        meetings.cancel(meeting, MeetingCancelReason.HER_WISH, actor=actor, now=now)
    return meeting
