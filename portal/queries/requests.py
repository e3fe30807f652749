"""One request as the receiver sees it, and what a lead may close or reopen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.kinds import MeetingKind
from portal.core.safety import WhoShePart
from portal.core.states import MeetingState, RequestState
from portal.db import db
from portal.domain.referrals import LAPSE_DAYS, OPEN, REOPEN_DAYS
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.models.organisations import Municipality
from portal.models.programmes import Offer, Programme
from portal.models.referrals import Referral, RequestEvent, TrackRequest
from portal.models.risk import SafetyAssessment
from portal.models.users import Membership, User
from portal.queries.barriers import blocked_cases
from portal.queries.paging import PAGE_SIZE, Listed, cut, decode
from portal.queries.visibility import LIVE, visible_requests

CLOSED = (RequestState.DECLINED, RequestState.LAPSED, RequestState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """A request for the lead who may reopen or close it: no content, no case."""

    public_id: str
    reference: str
    state: RequestState
    programme_da: str
    programme_en: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a request's history."""

    at: datetime
    to_state: RequestState
    who: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk that the programme asks for: planned or held."""

    step: str
    starts_at: datetime
    is_held: bool
    public_id: str


def position() -> Any:
    """The place on the waiting list, as a column beside a request; counted over everybody's requests (R-512)."""
    before = sa.func.bro_waiting_before(TrackRequest.offer_id, TrackRequest.waiting_since, TrackRequest.id)
    return before.cast(sa.BigInteger) + 1


def get(actor: Actor, public_id: str) -> TrackRequest:
    """A request sent to the actor's organisation, with referral, sender, case, client, offer and holder. NotFound."""
    return _one(TrackRequest.public_id == public_id, visible_requests(actor))


def get_for_lead(actor: Actor, public_id: str) -> TrackRequest:
    """A request at the lead's own organisation that she may close or reopen. Raises NotFound."""
    return _one(
        TrackRequest.public_id == public_id,
        TrackRequest.organisation_id == actor.organisation_id,
        TrackRequest.state != RequestState.DRAFT,
    )


def _one(*conditions: sa.ColumnElement[bool]) -> TrackRequest:
    found = db.session.scalar(
        sa.select(TrackRequest)
        .where(*conditions)
        .join(TrackRequest.referral)
        .join(TrackRequest.case)
        .join(Case.client)
        .options(
            contains_eager(TrackRequest.referral).joinedload(Referral.organisation),
            contains_eager(TrackRequest.case).contains_eager(Case.client),
            joinedload(TrackRequest.offer).joinedload(Offer.programme),
            joinedload(TrackRequest.programme_version),
            joinedload(TrackRequest.offer).joinedload(Offer.organisation),
            joinedload(TrackRequest.organisation),
            joinedload(TrackRequest.holder),
            joinedload(TrackRequest.alternative).joinedload(Offer.programme),
            joinedload(TrackRequest.meanwhile).joinedload(Offer.programme),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def list_closing(actor: Actor, *, now: datetime, after: str | None = None, limit: int = PAGE_SIZE) -> Listed[ClosedRow]:
    """What a lead decides on: silent senders after 14 days, and answers of the last 30 days that could be reopened.

    Raises ValueError for a cursor of another list.
    """
    since = sa.func.coalesce(TrackRequest.decided_at, _asked_at())
    closing = (
        sa.select(
            TrackRequest.public_id,
            Referral.reference,
            TrackRequest.state,
            Programme.name_da,
            Programme.name_en,
            since.label("since"),
            TrackRequest.id,
        )
        .join(Referral, Referral.id == TrackRequest.referral_id)
        .join(Offer, Offer.id == TrackRequest.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(
            TrackRequest.organisation_id == actor.organisation_id,
            sa.or_(
                sa.and_(TrackRequest.state.in_(CLOSED), TrackRequest.decided_at >= now - timedelta(days=REOPEN_DAYS)),
                sa.and_(TrackRequest.state == RequestState.NEEDS_INFO, _asked_at() <= now - timedelta(days=LAPSE_DAYS)),
            ),
        )
    )
    if after:
        closing = closing.where(sa.tuple_(since, TrackRequest.id) > decode(after, datetime, int))
    rows = db.session.execute(closing.order_by(since, TrackRequest.id).limit(limit + 1)).all()
    return cut(rows, lambda row: ClosedRow(*row[:-1]), lambda row: (row.since, row.id), limit)


def _asked_at() -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.max(RequestEvent.at))
        .where(RequestEvent.request_id == TrackRequest.id, RequestEvent.to_state == RequestState.NEEDS_INFO)
        .correlate(TrackRequest)
        .scalar_subquery()
    )


def asked_at(request_id: int) -> datetime | None:
    """When more information was asked for, the last time."""
    return db.session.scalar(
        sa.select(sa.func.max(RequestEvent.at)).where(
            RequestEvent.request_id == request_id, RequestEvent.to_state == RequestState.NEEDS_INFO
        )
    )


def position_of(request: TrackRequest) -> int | None:
    """The place on the waiting list, by the day she was put there; None when she is not on it."""
    if request.state is not RequestState.WAITLISTED:
        return None
    return db.session.scalar(sa.select(position()).where(TrackRequest.id == request.id))


def list_events(request: TrackRequest) -> list[Event]:
    """The history of a request, newest first."""
    rows = db.session.execute(
        sa.select(RequestEvent.at, RequestEvent.to_state, User.name, RequestEvent.reason)
        .outerjoin(User, User.id == RequestEvent.actor_id)
        .where(RequestEvent.request_id == request.id)
        .order_by(RequestEvent.id.desc())
        .limit(PAGE_SIZE)
    )
    return [Event(*row) for row in rows]


def list_talks(request: TrackRequest) -> list[Talk]:
    """The talks planned and held about a request, the first first."""
    rows = db.session.scalars(
        sa.select(Meeting)
        .where(
            Meeting.request_id == request.id,
            Meeting.kind == MeetingKind.INTAKE_TALK,
            Meeting.state.in_((MeetingState.PLANNED, MeetingState.HELD)),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(PAGE_SIZE)
    )
    return [Talk(row.step or "", row.starts_at, row.state is MeetingState.HELD, row.public_id) for row in rows]


def region_of(case: Case) -> str | None:
    """The region of the municipality that must act: all that is told of where she lives."""
    region = db.session.scalar(
        sa.select(Municipality.region).where(Municipality.code == case.responsible_municipality_code)
    )
    return None if region is None else region.value


def list_expired_ids(today: date, *, limit: int = 200) -> list[int]:
    """Offered places whose day has passed, by id."""
    return list(
        db.session.scalars(
            sa.select(TrackRequest.id)
            .where(TrackRequest.state == RequestState.OFFERED, TrackRequest.offer_expires_on < today)
            .order_by(TrackRequest.id)
            .limit(limit)
        )
    )


def get_by_id(request_id: int) -> TrackRequest:
    """A request for scheduled work. Raises NotFound."""
    return _one(TrackRequest.id == request_id)


def who_she_is(request: TrackRequest, part: WhoShePart, *, first_name_only: bool) -> str | None:
    """One thing about her that is shown on demand only."""
    if part is WhoShePart.ACCOUNT:
        return db.session.scalar(
            sa.select(SafetyAssessment.reason)
            .where(SafetyAssessment.case_id == request.case_id)
            .order_by(SafetyAssessment.assessed_on.desc(), SafetyAssessment.id.desc())
            .limit(1)
        )
    columns = {
        WhoShePart.NAME: Client.name,
        WhoShePart.PHONE: Client.phone,
        WhoShePart.CPR_NUMBER: Client.cpr_number,
    }
    client_of = sa.select(Case.client_id).where(Case.id == request.case_id).scalar_subquery()
    value = db.session.scalar(sa.select(columns[part]).where(Client.id == client_of))
    return value.split()[0] if value and first_name_only and part is WhoShePart.NAME else value


def list_receivers(organisation_id: int, roles: Sequence[Any], case_id: int | None = None) -> list[int]:
    """Who at an organisation is told of something, by role; nobody who is kept out of the case that it is about."""
    may_know = sa.true() if case_id is None else sa.literal(case_id).not_in(blocked_cases(Membership.user_id))
    return list(
        db.session.scalars(
            sa.select(Membership.user_id)
            .distinct()
            .where(Membership.organisation_id == organisation_id, Membership.is_live, Membership.role.in_(roles))
            .where(may_know)
            .order_by(Membership.user_id)
            .limit(PAGE_SIZE)
        )
    )


def has_role(organisation_id: int, role: Role, case_id: int | None = None) -> bool:
    """Whether somebody at an organisation works in that role, and is not kept out of the case."""
    return bool(list_receivers(organisation_id, [role], case_id))


def has_open(case_id: int, offer_id: int) -> bool:
    """Whether a request to the same offer is under way for the case, or a course in it goes on (R-877)."""
    asked = sa.exists().where(
        TrackRequest.case_id == case_id, TrackRequest.offer_id == offer_id, TrackRequest.state.in_(OPEN)
    )
    takes_part = sa.exists().where(
        Enrolment.case_id == case_id, Enrolment.offer_id == offer_id, Enrolment.state.in_(LIVE)
    )
    return bool(db.session.scalar(sa.select(sa.or_(asked, takes_part))))
