"""Whether she has agreed to something, as a where-clause: what visibility asks on every statement (modifier M7)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.core.deadlines import DeadlineKind
from portal.core.kinds import ConsentPurpose
from portal.core.states import RequestState
from portal.db import db
from portal.models.cases import Case, Consent
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.messages import Message
from portal.models.referrals import TrackRequest
from portal.models.users import Membership

IN_FLIGHT = (
    RequestState.SUBMITTED,
    RequestState.NEEDS_INFO,
    RequestState.IN_VISITATION,
    RequestState.OFFERED,
    RequestState.WAITLISTED,
)


def live_consent(case_id: Any, organisation_id: Any, purpose: ConsentPurpose, on: date) -> sa.ColumnElement[bool]:
    """Whether a consent for the purpose towards the organisation counts on that Danish day (R-101, R-102, R-540).

    Case and organisation are columns of the statement around it, or values. The same as `domain/consent.covers`: given,
    not run out, and withdrawn on no day up to this one. A null organisation is the one that owns the case.
    """
    withdrawn_on = sa.cast(sa.func.timezone("Europe/Copenhagen", Consent.withdrawn_at), sa.Date)
    return sa.exists().where(
        Consent.case_id == case_id,
        Consent.purpose == purpose,
        Consent.recipient_organisation_id.is_not_distinct_from(organisation_id),
        Consent.given_on <= on,
        Consent.expires_on > on,
        sa.or_(Consent.withdrawn_at.is_(None), withdrawn_on > on),
    )


def has_live_consent(case_id: int, organisation_id: int | None, purpose: ConsentPurpose, *, on: date) -> bool:
    """The same for one case, asked by itself."""
    return bool(db.session.scalar(sa.select(live_consent(case_id, organisation_id, purpose, on))))


def list_in_flight(case_id: int, organisation_id: int) -> list[int]:
    """The keys of requests of a case that an organisation has not answered for good."""
    statement = sa.select(TrackRequest.id).where(
        TrackRequest.case_id == case_id,
        TrackRequest.organisation_id == organisation_id,
        TrackRequest.state.in_(IN_FLIGHT),
    )
    return list(db.session.scalars(statement.order_by(TrackRequest.id)))


def unread_about(case_id: int, organisation_id: int) -> sa.ColumnElement[bool]:
    """Messages about a case, its requests and its courses that people of an organisation have not read."""
    people = sa.select(Membership.user_id).where(Membership.organisation_id == organisation_id)
    requests = sa.select(TrackRequest.public_id).where(
        TrackRequest.case_id == case_id, TrackRequest.organisation_id == organisation_id
    )
    courses = sa.select(Enrolment.public_id).where(
        Enrolment.case_id == case_id, Enrolment.organisation_id == organisation_id
    )
    about = sa.or_(
        Message.case_id == case_id,
        Message.subject_public_id.in_(requests),
        Message.subject_public_id.in_(courses),
    )
    return sa.and_(Message.recipient_id.in_(people), Message.read_at.is_(None), about)


def list_same(consent: Consent) -> Sequence[Consent]:
    """The consents of a case for the same purpose and receiver that have not been taken back, this one among them."""
    return db.session.scalars(
        sa.select(Consent)
        .where(
            Consent.case_id == consent.case_id,
            Consent.purpose == consent.purpose,
            Consent.recipient_organisation_id.is_not_distinct_from(consent.recipient_organisation_id),
            Consent.withdrawn_at.is_(None),
        )
        .order_by(Consent.id)
        .with_for_update()
    ).all()


def list_renewals(case: Case, purpose: ConsentPurpose, organisation_id: int | None) -> Sequence[str]:
    """The public ids of earlier consents of the same kind whose renewal stands on the work list."""
    key = sa.func.concat(DeadlineKind.CONSENT_RENEWAL.value, ":", case.public_id, ":", Consent.public_id)
    return list(
        db.session.scalars(
            sa.select(Consent.public_id)
            .join(Deadline, Deadline.source_key == key)
            .where(
                Consent.case_id == case.id,
                Consent.purpose == purpose,
                Consent.recipient_organisation_id.is_not_distinct_from(organisation_id),
            )
        )
    )
