"""How she may be reached now, for the gate on what goes to her; and the calls that are planned."""

from dataclasses import fields
from datetime import datetime

import sqlalchemy as sa

from portal.core.states import MeetingState
from portal.db import db
from portal.domain.safe_contact import CALLS, Card
from portal.models.cases import Case
from portal.models.clients import SafeContactCard
from portal.models.meetings import Meeting
from portal.wall import as_system

MOST_CALLS = 50


@as_system()
def find_card(case_id: int) -> Card | None:
    """Her newest card, whoever asks: the gate shows nothing of it, and stands before what everybody does (R-767)."""
    columns = [getattr(SafeContactCard, one.name) for one in fields(Card)]
    row = db.session.execute(
        sa.select(*columns)
        .join(Case, Case.client_id == SafeContactCard.client_id)
        .where(Case.id == case_id)
        .order_by(SafeContactCard.verified_at.desc(), SafeContactCard.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Card(*row)


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
