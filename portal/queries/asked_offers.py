"""Offers that she cannot be referred to just now: they have her request, a course of hers, or have said no lately."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.states import RequestState
from portal.db import db
from portal.domain.referrals import OPEN, UNDO_MINUTES
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.referrals import Referral, TrackRequest
from portal.queries.clauses import built_once
from portal.queries.clock import NOW
from portal.queries.unsaid import is_unsaid
from portal.queries.visibility import LIVE

# Somebody reads it, asks, or has offered a place; whoever is on a waiting list has got an answer.
WAITS = OPEN - {RequestState.WAITLISTED}


@dataclass(frozen=True, slots=True)
class Asked:
    """How one offer stands to her. A course that has not been told yet is a referral still (R-850)."""

    rests_until: date | None
    referred_at: datetime | None
    is_running: bool


@built_once
def waiting_for_answer(actor: Actor) -> sa.ScalarSelect[int]:
    """Beside a case: how many requests of the own house wait for an answer, one that is not told yet too (R-859)."""
    course = sa.exists().where(
        Enrolment.case_id == Referral.case_id, Enrolment.request_id == TrackRequest.id, is_unsaid(actor)
    )
    not_told = sa.and_(TrackRequest.state == RequestState.ACCEPTED, course)
    no_not_told = sa.and_(
        TrackRequest.state == RequestState.DECLINED,
        TrackRequest.decided_at > NOW - timedelta(minutes=UNDO_MINUTES),
    )
    return (
        sa.select(sa.func.count())
        .select_from(TrackRequest)
        .join(Referral, Referral.id == TrackRequest.referral_id)
        .where(
            # By the referral: its index leads to the few requests of this case.
            Referral.case_id == Case.id,
            Referral.organisation_id == actor.organisation_id,
            sa.or_(TrackRequest.state.in_(WAITS), no_not_told, not_told),
        )
        .correlate(Case)
        .scalar_subquery()
    )


def count_waiting(actor: Actor, case: Case) -> int:
    """The same for one case. Callers have got it."""
    return db.session.scalar(sa.select(waiting_for_answer(actor)).where(Case.id == case.id)) or 0


def asked(actor: Actor, case_id: int) -> dict[int, Asked]:
    """What offers know of her already, by offer, in one statement."""
    parts = sa.union_all(_requests(case_id), _courses(actor, case_id)).subquery()
    rows = db.session.execute(
        sa.select(
            parts.c.offer_id,
            sa.func.max(parts.c.rests_until).label("rests_until"),
            sa.func.max(parts.c.referred_at).label("referred_at"),
            sa.func.bool_or(parts.c.is_running).label("is_running"),
        ).group_by(parts.c.offer_id)
    )
    return {row.offer_id: Asked(row.rests_until, row.referred_at, row.is_running) for row in rows}


def _requests(case_id: int) -> sa.Select[*tuple[Any, ...]]:
    """What keeps a second request to the offer out: an open one, or a course that goes on (R-877)."""
    gives = sa.exists().where(Enrolment.request_id == TrackRequest.id, Enrolment.state.in_(LIVE))
    stands = sa.or_(TrackRequest.state.in_(OPEN), sa.and_(TrackRequest.state == RequestState.ACCEPTED, gives))
    return (
        sa.select(
            TrackRequest.offer_id,
            TrackRequest.cool_down_until.label("rests_until"),
            sa.case((stands, TrackRequest.sent_at)).label("referred_at"),
            sa.false().label("is_running"),
        )
        .join(Referral, Referral.id == TrackRequest.referral_id)
        .where(Referral.case_id == case_id, sa.or_(stands, TrackRequest.cool_down_until.is_not(None)))
    )


def _courses(actor: Actor, case_id: int) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        Enrolment.offer_id,
        sa.cast(sa.null(), sa.Date),
        sa.cast(sa.null(), sa.DateTime(timezone=True)),
        sa.true(),
    ).where(Enrolment.case_id == case_id, Enrolment.state.in_(LIVE), ~is_unsaid(actor))
