"""What became of a referral, programme by programme, as far as its sender is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.clock import local_date
from portal.core.states import EnrolmentState, RequestState
from portal.db import db
from portal.domain.referrals import unsaid_until
from portal.models.enrolments import Enrolment
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme
from portal.models.referrals import Referral, TrackRequest
from portal.queries.clock import NOW
from portal.queries.requests import position


@dataclass(frozen=True, slots=True)
class Answer:
    """One programme's answer, as a line under a referral."""

    public_id: str
    state: RequestState
    programme_da: str
    programme_en: str
    organisation: str
    answer_due_on: date | None
    decided_on: date | None
    course: EnrolmentState | None
    # The place on the waiting list; none where she does not wait.
    position: int | None
    # While an answer can be undone nothing is told but when it will stand here; None: the state is the answer.
    unsaid_until: datetime | None


def list_of(referral_ids: Sequence[int]) -> dict[int, list[Answer]]:
    """The answers to several referrals, by the referral's key, in the order in which the programmes were chosen."""
    rows = db.session.execute(
        sa.select(
            TrackRequest.referral_id,
            TrackRequest.public_id,
            TrackRequest.state,
            Programme.name_da,
            Programme.name_en,
            Programme.kind,
            Organisation.name,
            TrackRequest.answer_due_on,
            TrackRequest.decided_at,
            Enrolment.state.label("course"),
            sa.case((TrackRequest.state == RequestState.WAITLISTED, position()), else_=None).label("place"),
            NOW.label("now"),
        )
        .join(Offer, Offer.id == TrackRequest.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .join(Organisation, Organisation.id == TrackRequest.organisation_id)
        .outerjoin(Enrolment, Enrolment.request_id == TrackRequest.id)
        .where(TrackRequest.referral_id.in_(referral_ids))
        .order_by(TrackRequest.id)
    )
    found: dict[int, list[Answer]] = {}
    for row in rows:
        found.setdefault(row.referral_id, []).append(_answer(row))
    return found


def _answer(row: Any) -> Answer:
    until = unsaid_until(row.state, row.decided_at, row.kind, row.course, row.now)
    is_told = row.decided_at is not None and until is None
    return Answer(
        public_id=row.public_id,
        state=row.state,
        programme_da=row.name_da,
        programme_en=row.name_en,
        organisation=row.name,
        answer_due_on=row.answer_due_on,
        decided_on=local_date(row.decided_at) if is_told else None,
        course=row.course if until is None else None,
        position=row.place,
        unsaid_until=until,
    )


def list_answers(referral: Referral) -> dict[str, Answer]:
    """The answers of one referral by the request's public id."""
    return {answer.public_id: answer for answer in list_of([referral.id]).get(referral.id, [])}
