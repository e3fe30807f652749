"""Requests whose next rung has come, and who has been told already."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.clock import add_weekdays
from portal.db import db
from portal.domain.ladder import ANSWER_WEEKDAYS, NAMED, QUIET, RUNGS
from portal.domain.referrals import CLOCK_RUNS
from portal.models.programmes import Offer, Programme
from portal.models.referrals import Referral, TrackRequest
from portal.models.users import User
from portal.models.waiting import RequestRung
from portal.queries.paging import PAGE_SIZE

MOST = 200


@dataclass(frozen=True, slots=True)
class LateRow:
    """A request that is late, for the lead who sees to it: no content, no case."""

    reference: str
    programme_da: str
    programme_en: str
    sent_at: datetime | None
    holder: str | None
    owner: str | None


def list_late(actor: Actor) -> list[LateRow]:
    """What waits at the lead's house beyond its day, the oldest clock first."""
    holder, owner = aliased(User), aliased(User)
    rows = db.session.execute(
        sa.select(
            Referral.reference, Programme.name_da, Programme.name_en, TrackRequest.sent_at, holder.name, owner.name
        )
        .join(Referral, Referral.id == TrackRequest.referral_id)
        .join(Offer, Offer.id == TrackRequest.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .outerjoin(holder, holder.id == TrackRequest.holder_id)
        .join(RequestRung, named_now())
        .outerjoin(owner, owner.id == RequestRung.owner_id)
        .where(TrackRequest.organisation_id == actor.organisation_id, TrackRequest.state.in_(CLOCK_RUNS))
        .order_by(TrackRequest.answer_due_on, TrackRequest.id)
        .limit(PAGE_SIZE)
    )
    return [LateRow(*row) for row in rows]


def list_to_climb(today: date, *, limit: int = MOST) -> list[int]:
    """Requests that wait and whose next rung has come, the oldest clock first."""
    return list(
        db.session.scalars(
            sa.select(TrackRequest.id)
            .where(TrackRequest.state.in_(CLOCK_RUNS), sa.or_(*(_is_due(rung, today) for rung in RUNGS)))
            .order_by(TrackRequest.answer_due_on, TrackRequest.id)
            .limit(limit)
        )
    )


def _is_due(rung: int, today: date) -> sa.ColumnElement[bool]:
    # So many weekdays have gone when no more than the rest of the five lie ahead.
    latest = add_weekdays(today, ANSWER_WEEKDAYS - rung + 1) - timedelta(days=1)
    condition = sa.and_(TrackRequest.answer_due_on <= latest, ~_fired(rung))
    return sa.and_(condition, TrackRequest.state != QUIET[rung]) if rung in QUIET else condition


def _fired(rung: int) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        RequestRung.request_id == TrackRequest.id,
        RequestRung.clock_round == TrackRequest.clock_round,
        RequestRung.rung == rung,
    )


def rungs_of(request: TrackRequest) -> list[int]:
    """The rungs that have fired in this run of the clock."""
    return list(
        db.session.scalars(
            sa.select(RequestRung.rung)
            .where(RequestRung.request_id == request.id, RequestRung.clock_round == request.clock_round)
            .order_by(RequestRung.rung)
        )
    )


def rungs() -> sa.ScalarSelect[Any]:
    """The rungs of a request's clock as a column beside it."""
    return (
        sa.select(sa.func.array_agg(RequestRung.rung))
        .where(RequestRung.request_id == TrackRequest.id, RequestRung.clock_round == TrackRequest.clock_round)
        .correlate(TrackRequest)
        .scalar_subquery()
    )


def named_now() -> sa.ColumnElement[bool]:
    """The row that names who sees to a late request, for a join."""
    return sa.and_(
        RequestRung.request_id == TrackRequest.id,
        RequestRung.clock_round == TrackRequest.clock_round,
        RequestRung.rung == NAMED,
    )
