"""What there is to know before an answer is undone: what it followed, and what has followed it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.audit_tags import REVEALS
from portal.core.kinds import MarkKind, MarkReason
from portal.core.states import RequestState
from portal.db import db
from portal.domain.enrolments import NOT_UNDONE
from portal.domain.referrals import UNDO_MINUTES, UNDOES
from portal.models.audit import AuditEntry
from portal.models.enrolments import Enrolment
from portal.models.programmes import Offer, Programme
from portal.models.referrals import Referral, RequestEvent, TrackRequest
from portal.models.waiting import WaitingMark
from portal.queries.clock import NOW
from portal.queries.paging import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step of a request's history."""

    from_state: RequestState
    to_state: RequestState
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class UndoableRow:
    """An answer of the last minutes, for the lead: no content, no case."""

    public_id: str
    reference: str
    state: RequestState
    programme_da: str
    programme_en: str
    decided_at: datetime | None
    version: int


def list_steps(request_id: int) -> list[StepTaken]:
    """The whole history of a request, the first step first."""
    columns = RequestEvent.from_state, RequestEvent.to_state, RequestEvent.at, RequestEvent.reason
    rows = db.session.execute(
        sa.select(*columns).where(RequestEvent.request_id == request_id).order_by(RequestEvent.id)
    )
    return [StepTaken(*row) for row in rows]


def get_course(request_id: int) -> Enrolment:
    """The course that a request has led to."""
    return db.session.scalars(
        sa.select(Enrolment)
        .where(Enrolment.request_id == request_id)
        .options(joinedload(Enrolment.offer))
        .with_for_update(of=Enrolment)
    ).one()


def has_gone_on(course: Enrolment, *, since: datetime) -> bool:
    """Whether anybody of the house has done anything in her case since the place was given (R-784)."""
    later = sa.exists().where(
        AuditEntry.case_id == course.case_id,
        AuditEntry.organisation_id == course.organisation_id,
        AuditEntry.actor_id.is_not(None),
        # Who only looked has done nothing.
        AuditEntry.action.not_in(REVEALS),
        AuditEntry.at > since,
    )
    return bool(db.session.scalar(sa.select(later)))


def find_priority(request_id: int, *, since: datetime | None) -> MarkReason | None:
    """Why a lead put her first since she was last answered; None when nobody did, or it was ended."""
    mark = sa.select(WaitingMark.kind, WaitingMark.reason).where(
        WaitingMark.request_id == request_id, WaitingMark.kind.in_((MarkKind.PUT_FIRST, MarkKind.FIRST_ENDED))
    )
    if since is not None:
        mark = mark.where(WaitingMark.made_at > since)
    row = db.session.execute(mark.order_by(WaitingMark.made_at.desc(), WaitingMark.id.desc()).limit(1)).one_or_none()
    return row.reason if row is not None and row.kind is MarkKind.PUT_FIRST else None


def list_undoable(actor: Actor) -> list[UndoableRow]:
    """The answers of the own house that its lead may undo now, by the database's clock, the newest first."""
    rows = db.session.execute(
        sa.select(
            TrackRequest.public_id,
            Referral.reference,
            TrackRequest.state,
            Programme.name_da,
            Programme.name_en,
            TrackRequest.decided_at,
            TrackRequest.version,
        )
        .join(Referral, Referral.id == TrackRequest.referral_id)
        .join(Offer, Offer.id == TrackRequest.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(
            TrackRequest.organisation_id == actor.organisation_id,
            TrackRequest.state.in_(UNDOES),
            sa.or_(TrackRequest.state == RequestState.DECLINED, Programme.kind.not_in(NOT_UNDONE)),
            TrackRequest.decided_at > NOW - timedelta(minutes=UNDO_MINUTES),
        )
        .order_by(TrackRequest.decided_at.desc(), TrackRequest.id.desc())
        .limit(PAGE_SIZE)
    )
    return [UndoableRow(*row) for row in rows]
