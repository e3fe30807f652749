"""How she may be reached now, for the gate on what goes to her and for pages; and the calls that are planned."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.kinds import ContactChannel, MayAnswer
from portal.core.states import MeetingState
from portal.db import db
from portal.domain.safe_contact import CALLS, Card, Way
from portal.models.cases import Case
from portal.models.clients import SafeContactCard, SafeContactWay
from portal.models.meetings import Meeting
from portal.wall import as_system

MOST_CALLS = 50


@as_system()
def find_card(case_id: int) -> Card | None:
    """Her newest card, whoever asks: the gate shows nothing of it, and stands before what everybody does (R-767)."""
    row = db.session.execute(
        sa.select(ways_of(SafeContactCard.id), SafeContactCard.is_device_shared, SafeContactCard.verified_at)
        .join(Case, Case.client_id == SafeContactCard.client_id)
        .where(Case.id == case_id)
        .order_by(SafeContactCard.verified_at.desc(), SafeContactCard.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Card(read_ways(row.ways), row.is_device_shared, row.verified_at)


def ways_of(card_id: Any) -> sa.Label[Any]:
    """The ways that a card allows, in the same statement; `read_ways` makes them what they are."""
    way = SafeContactWay
    columns = (way.days, way.from_hour, way.to_hour, way.may_answer, way.may_leave_voicemail, way.may_say_who_calls)
    said = sa.func.jsonb_agg(sa.func.jsonb_build_array(way.channel, *columns))
    return sa.select(said).where(way.card_id == card_id).scalar_subquery().label("ways")


def read_ways(said: Sequence[Any] | None) -> tuple[Way, ...]:
    """What `ways_of` has read, in the order in which the ways are always told."""
    ways = (
        Way(ContactChannel(channel), days, start, end, MayAnswer(answer), voicemail, says)
        for channel, days, start, end, answer, voicemail, says in said or ()
    )
    order = list(ContactChannel)
    return tuple(sorted(ways, key=lambda way: order.index(way.channel)))


@as_system()
def list_calls(client_id: int, *, now: datetime) -> list[Meeting]:
    """Calls with her that are planned and still to come, in whichever case of hers, the first one first."""
    return list(
        db.session.scalars(
            sa.select(Meeting)
            .join(Case, Case.id == Meeting.case_id)
            .where(
                Case.client_id == client_id,
                Meeting.state == MeetingState.PLANNED,
                Meeting.place_kind.in_(CALLS),
                Meeting.starts_at > now,
            )
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(MOST_CALLS)
        )
    )
