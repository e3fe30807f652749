"""Whether she has agreed to something, as a where-clause: what visibility asks on every statement (modifier M7)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.deadlines import DeadlineKind
from portal.core.kinds import ConsentPurpose, TrackKind
from portal.core.states import RequestState
from portal.db import db
from portal.domain.enrolments import LIVE
from portal.models.cases import Case, Consent
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.referrals import TrackRequest
from portal.models.users import Membership
from portal.queries.barriers import consented

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


def is_there_by_law(case_id: Any, organisation_id: Any) -> sa.ColumnElement[bool]:
    """Whether an organisation works with her because the law says so: her municipality, or who gives its counselling.

    Either may be a column of the statement around it.
    """
    case, house, course = aliased(Case), aliased(Organisation), aliased(Enrolment)
    hers = sa.exists().where(
        case.id == case_id,
        house.id == organisation_id,
        house.municipality_code.in_((case.responsible_municipality_code, case.paying_municipality_code)),
    )
    counsels = sa.exists().where(
        course.case_id == case_id,
        course.organisation_id == organisation_id,
        course.kind == TrackKind.COORDINATING_COUNSELLING,
        course.state.in_(LIVE),
    )
    return sa.or_(hers, counsels)


def taken_back(case_id: Any, organisation_id: Any) -> sa.ColumnElement[bool]:
    """Whether she has taken back what alone let an organisation into her case: by no law and as no owner (R-840)."""
    consent = aliased(Consent)
    withdrawn = sa.exists().where(
        consent.case_id == case_id,
        consent.recipient_organisation_id == organisation_id,
        consent.purpose == ConsentPurpose.REFERRAL,
        consent.withdrawn_at.is_not(None),
    )
    return sa.and_(withdrawn, ~consented(case_id, organisation_id), ~is_there_by_law(case_id, organisation_id))


def is_taken_back(case_id: int, organisation_id: int) -> bool:
    """The same for one organisation, asked by itself."""
    return bool(db.session.scalar(sa.select(taken_back(case_id, organisation_id))))


def lets_in(case: Case, consent: Consent) -> bool:
    """Whether this consent is what lets an organisation's people into the case: not the owner's, not the law's."""
    receiver = consent.recipient_organisation_id
    if consent.purpose is not ConsentPurpose.REFERRAL or receiver in (None, case.owner_organisation_id):
        return False
    return not db.session.scalar(sa.select(is_there_by_law(case.id, receiver)))


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
