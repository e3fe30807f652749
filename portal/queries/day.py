"""The meetings of one's own day."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import end_of_local_day, start_of_local_day
from portal.core.kinds import MeetingKind, PlaceKind
from portal.core.states import MeetingState
from portal.db import db
from portal.models.cases import Case
from portal.models.groups import GroupRound, RoundLeader
from portal.models.meetings import Meeting
from portal.queries.barriers import is_open_to
from portal.queries.visibility import visible_cases

MOST = 30


@dataclass(frozen=True, slots=True)
class DayMeeting:
    """One meeting of the day: the case's reference where the reader sees the case, or the group's name."""

    public_id: str
    kind: MeetingKind
    state: MeetingState
    starts_at: datetime
    ends_at: datetime
    place_kind: PlaceKind
    has_interpreter: bool
    number: int | None
    reference: str | None
    case_public_id: str | None
    group: str | None


def list_meetings(actor: Actor, day: date) -> list[DayMeeting]:
    """The meetings that this person holds on a Danish day, or leads the group of, by time; cancelled ones left out."""
    led = sa.select(RoundLeader.round_id).where(RoundLeader.user_id == actor.user_id)
    rows = db.session.execute(
        sa.select(
            Meeting.public_id,
            Meeting.kind,
            Meeting.state,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.place_kind,
            Meeting.has_interpreter,
            Meeting.number,
            Case.reference,
            Case.public_id,
            GroupRound.name,
        )
        .select_from(Meeting)
        .outerjoin(Case, sa.and_(Case.id == Meeting.case_id, visible_cases(actor)))
        .outerjoin(GroupRound, GroupRound.id == Meeting.round_id)
        .where(
            sa.or_(Meeting.responsible_id == actor.user_id, Meeting.round_id.in_(led)),
            Meeting.organisation_id == actor.organisation_id,
            Meeting.state != MeetingState.CANCELLED,
            Meeting.starts_at >= start_of_local_day(day),
            Meeting.starts_at < end_of_local_day(day),
            is_open_to(actor, Meeting.case_id, may_be_none=True),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST)
    )
    return [DayMeeting(*row) for row in rows]
