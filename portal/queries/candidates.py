"""Who waits, by what keeps them from starting, and for the lead who may put somebody first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.kinds import CriterionAnswer, MarkReason
from portal.core.states import RequestState
from portal.db import db
from portal.models.programmes import Offer, Programme
from portal.models.referrals import Referral, TrackRequest
from portal.queries.paging import PAGE_SIZE, Listed, cut, decode
from portal.queries.visibility import visible_requests
from portal.queries.waiting import first_of


@dataclass(frozen=True, slots=True)
class LeadRow:
    """Somebody who waits, for the lead who may put her first: no content, no case."""

    public_id: str
    reference: str
    programme_da: str
    programme_en: str
    waiting_since: datetime | None
    priority_reason: MarkReason | None


def count_lacking(actor: Actor, offer: Offer, keys: Sequence[str]) -> tuple[int, dict[str, int]]:
    """How many wait for an own offer, and of how many each criterion is not met or not known (R-778). One statement."""
    answer = {key: sa.func.coalesce(TrackRequest.criteria[key].astext, CriterionAnswer.UNKNOWN.value) for key in keys}
    counts = [sa.func.count().filter(answer[key] != CriterionAnswer.MET.value) for key in keys]
    row = db.session.execute(
        sa.select(sa.func.count(), *counts).where(
            visible_requests(actor), TrackRequest.offer_id == offer.id, TrackRequest.state == RequestState.WAITLISTED
        )
    ).one()
    return row[0], dict(zip(keys, row[1:], strict=True))


def list_for_lead(actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE) -> Listed[LeadRow]:
    """Who waits at the lead's house, those who were put first before the others, then whoever has waited longest.

    Raises ValueError for a cursor of another list.
    """
    key = (first_of(TrackRequest), TrackRequest.waiting_since, TrackRequest.id)
    waiting = (
        sa.select(
            TrackRequest.public_id,
            Referral.reference,
            Programme.name_da,
            Programme.name_en,
            TrackRequest.waiting_since,
            TrackRequest.priority_reason,
            key[0].label("place"),
            TrackRequest.id,
        )
        .join(Referral, Referral.id == TrackRequest.referral_id)
        .join(Offer, Offer.id == TrackRequest.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(TrackRequest.organisation_id == actor.organisation_id, TrackRequest.state == RequestState.WAITLISTED)
    )
    if after:
        waiting = waiting.where(sa.tuple_(*key) > decode(after, int, datetime, int))
    rows = db.session.execute(waiting.order_by(*key).limit(limit + 1)).all()
    return cut(rows, lambda row: LeadRow(*row[:-2]), lambda row: (row.place, row.waiting_since, row.id), limit)
