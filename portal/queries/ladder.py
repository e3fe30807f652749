"""Requests whose next rung has come, and who has been told already."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.clock import add_weekdays
from portal.core.enums import Permission, Role
from portal.db import db
from portal.domain.ladder import ANSWER_WEEKDAYS, LEAD, NAMED, QUIET, RUNGS
from portal.domain.permissions import ROLE_PERMISSIONS
from portal.domain.referrals import CLOCK_RUNS
from portal.models.programmes import Offer, Programme
from portal.models.referrals import Referral, TrackRequest
from portal.models.users import User
from portal.models.waiting import RequestRung
from portal.queries import requests
from portal.queries.paging import PAGE_SIZE, Listed, cut, decode
from portal.vault import opened
from portal.wall import as_system

MOST = 200
# When a request is to be answered; one without a day comes last.
DUE = sa.func.coalesce(TrackRequest.answer_due_on, date.max)


@dataclass(frozen=True, slots=True)
class LateRow:
    """A request that waits for its answer, for the lead who sees to it: no content, no case."""

    public_id: str
    reference: str
    programme_da: str
    programme_en: str
    sent_at: datetime | None
    holder: str | None
    owner: str | None
    given_until: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who could answer a request."""

    user_id: int
    public_id: str
    name: str


def lock(request_id: int) -> None:
    """Let nobody else climb or give this request before the transaction ends."""
    db.session.execute(sa.select(TrackRequest.id).where(TrackRequest.id == request_id).with_for_update())


@as_system()
def list_takers(request: TrackRequest) -> list[Taker]:
    """Who at the receiving house may answer a request and is not kept out of the case, by name."""
    roles = [role for role in Role if Permission.REFERRAL_ANSWER in ROLE_PERMISSIONS[role]]
    found = requests.list_receivers(request.organisation_id, roles, request.case_id)
    rows = db.session.execute(
        sa.select(User.id, User.public_id, User.name)
        .where(User.id.in_(found), User.is_active)
        .order_by(User.name, User.id)
    )
    return [Taker(*row) for row in rows]


def set_named(request: TrackRequest, user_id: int | None) -> None:
    """Say who sees to it on the last rung, where that one has been climbed."""
    db.session.execute(
        sa.update(RequestRung)
        .where(
            RequestRung.request_id == request.id,
            RequestRung.clock_round == request.clock_round,
            RequestRung.rung == NAMED,
        )
        .values(owner_id=user_id)
    )


def list_late(actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE) -> Listed[LateRow]:
    """What waits at the lead's house, and of which she has been told, the oldest clock first. May raise ValueError."""
    holder, owner = aliased(User), aliased(User)
    late = (
        sa.select(
            TrackRequest.public_id,
            Referral.reference,
            Programme.name_da,
            Programme.name_en,
            TrackRequest.sent_at,
            holder.name,
            owner.name,
            TrackRequest.given_until,
            RequestRung.id.is_not(None),
            DUE.label("due"),
            TrackRequest.id,
        )
        .join(Referral, Referral.id == TrackRequest.referral_id)
        .join(Offer, Offer.id == TrackRequest.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .outerjoin(holder, holder.id == TrackRequest.holder_id)
        .outerjoin(RequestRung, named_now())
        .outerjoin(owner, owner.id == sees_to_it())
        .where(
            TrackRequest.organisation_id == actor.organisation_id,
            TrackRequest.state.in_(CLOCK_RUNS),
            sa.or_(_fired(LEAD), RequestRung.id.is_not(None)),
        )
    )
    if after:
        late = late.where(sa.tuple_(DUE, TrackRequest.id) > decode(after, date, int))
    rows = db.session.execute(late.order_by(DUE, TrackRequest.id).limit(limit + 1)).all()
    return cut(rows, lambda row: LateRow(*row[:-2]), lambda row: (row.due, row.id), limit)


def list_to_climb(today: date, *, limit: int = MOST) -> list[int]:
    """Requests that wait and whose next rung has come, the oldest clock first."""
    return list(
        db.session.scalars(
            sa.select(TrackRequest.id)
            .where(
                TrackRequest.state.in_(CLOCK_RUNS),
                sa.or_(
                    sa.and_(TrackRequest.given_until.is_(None), sa.or_(*(_is_due(rung, today) for rung in RUNGS))),
                    sa.and_(TrackRequest.given_until < today, TrackRequest.answer_due_on <= today),
                ),
            )
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
    told = aliased(RequestRung)
    return sa.exists().where(
        told.request_id == TrackRequest.id,
        told.clock_round == TrackRequest.clock_round,
        told.rung == rung,
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


def sees_to_it() -> sa.ColumnElement[int | None]:
    """Who sees to a request: to whom a lead gave it, else whom the last rung names, for a join with `named_now`."""
    return sa.func.coalesce(TrackRequest.given_to_id, RequestRung.owner_id)


def late_with() -> sa.ScalarSelect[Any]:
    """The name of who sees to a request, as a column beside it: looked up for the few that somebody sees to."""
    owner = aliased(User)
    named = sa.select(RequestRung.owner_id).where(named_now()).correlate(TrackRequest).scalar_subquery()
    whom = sa.func.coalesce(TrackRequest.given_to_id, named)
    return sa.select(opened(owner.name)).where(owner.id == whom).correlate(TrackRequest).scalar_subquery()
