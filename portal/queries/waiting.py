"""The waiting list of an offer in its order, what stands beside the order, and why somebody is not on it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import DeclineReason, MarkKind, MarkReason, WaitingOrder
from portal.core.states import DeadlineState, RequestState
from portal.db import db
from portal.domain.declining import Use
from portal.domain.waiting import Standing, skipped_since, standing
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.deadlines import Deadline
from portal.models.programmes import Offer, Programme, ProgrammeVersion
from portal.models.referrals import Referral, TrackRequest
from portal.models.users import User
from portal.models.waiting import WaitingMark
from portal.queries.declining import changed_uses, read_uses
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import visible_requests

START = date(2000, 1, 1)
NO_DAY = 1_000_000
# How long back somebody is explained who is not on the list.
EXPLAINED_DAYS = 90


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on the list as the one who offers the next place reads her: no name."""

    id: int
    public_id: str
    reference: str
    waiting_since: datetime
    planned_move_on: date | None
    children: int
    ask_again_on: date | None
    is_passed: bool
    is_skipped: bool
    priority_reason: MarkReason | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class NotOn:
    """Somebody who was referred and is not on the list, and where she stands instead."""

    public_id: str
    reference: str
    state: RequestState
    decline_reason: DeclineReason | None
    cool_down_until: date | None


@dataclass(frozen=True, slots=True)
class OwnList:
    """An own offer for which somebody waits."""

    public_id: str
    name_da: str
    name_en: str
    count: int


@dataclass(frozen=True, slots=True)
class Before:
    """Somebody who comes before on the list."""

    id: int
    case_id: int
    public_id: str
    is_skipped: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What the one who answers a request must know about the list and about saying no."""

    before: int
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened beside the order."""

    kind: MarkKind
    reason: MarkReason | None
    text: str | None
    made_at: datetime
    who: str | None


def _children(case: Any) -> Any:
    counted = sa.select(sa.func.count()).where(Child.client_id == case.client_id, Child.is_along)
    return counted.correlate(case).scalar_subquery()


def _rank(order: WaitingOrder, case: Any) -> Any:
    """The first thing the list is ordered by; the day she was put there is the second (R-691)."""
    if order is WaitingOrder.LEAVING_DATE:
        return sa.func.coalesce(case.planned_move_on - START, NO_DAY)
    if order is WaitingOrder.CHILDREN_FIRST:
        return -_children(case)
    return sa.literal(0)


def first_of(request: Any) -> Any:
    """Whom a lead has put first comes before everything else (R-779)."""
    return sa.case((request.priority_reason.is_not(None), 0), else_=1)


def _marked(kind: MarkKind, since: datetime | None = None) -> Any:
    condition = sa.and_(WaitingMark.request_id == TrackRequest.id, WaitingMark.kind == kind)
    return sa.exists().where(condition if since is None else sa.and_(condition, WaitingMark.made_at >= since))


def list_before(request: TrackRequest, order: WaitingOrder, *, now: datetime) -> list[Before]:
    """Who comes before this request on its offer's list, the first first. The caller works by name of the system."""
    own = aliased(Case)
    rank = sa.select(_rank(order, own)).where(own.id == request.case_id).scalar_subquery()
    first = sa.literal(1 if request.priority_reason is None else 0)
    here = sa.tuple_(first_of(TrackRequest), _rank(order, Case), TrackRequest.waiting_since, TrackRequest.id)
    rows = db.session.execute(
        sa.select(
            TrackRequest.id,
            TrackRequest.case_id,
            TrackRequest.public_id,
            _marked(MarkKind.SKIPPED, skipped_since(now)).label("is_skipped"),
        )
        .join(Case, Case.id == TrackRequest.case_id)
        .where(
            TrackRequest.offer_id == request.offer_id,
            TrackRequest.state == RequestState.WAITLISTED,
            TrackRequest.id != request.id,
            here < sa.tuple_(first, rank, sa.literal(request.waiting_since or now), sa.literal(request.id)),
        )
        .order_by(first_of(TrackRequest), _rank(order, Case), TrackRequest.waiting_since, TrackRequest.id)
    )
    return [Before(*row) for row in rows]


def _listed(actor: Actor, offer: Offer, now: datetime) -> sa.Select[*tuple[Any, ...]]:
    """Everybody on the list of an own offer, with what is said of each."""
    rules = sa.func.coalesce(ProgrammeVersion.content, Programme.rules)
    asked = sa.select(Deadline.due_on).where(
        Deadline.source_key == sa.func.concat(DeadlineKind.STILL_WANTED.value, ":", TrackRequest.public_id),
        Deadline.state == DeadlineState.OPEN,
    )
    return (
        sa.select(
            TrackRequest.id,
            TrackRequest.public_id,
            Referral.reference,
            TrackRequest.waiting_since,
            Case.planned_move_on,
            _children(Case).label("children"),
            asked.correlate(TrackRequest).scalar_subquery().label("ask_again_on"),
            _marked(MarkKind.PASSED).label("is_passed"),
            _marked(MarkKind.SKIPPED, skipped_since(now)).label("is_skipped"),
            TrackRequest.priority_reason,
            TrackRequest.criteria,
            TrackRequest.steps,
            rules["criteria"].label("asked"),
            rules["step"].label("talks"),
        )
        .join(Case, Case.id == TrackRequest.case_id)
        .join(Referral, Referral.id == TrackRequest.referral_id)
        .join(Offer, Offer.id == TrackRequest.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == TrackRequest.programme_version_id)
        .where(
            visible_requests(actor),
            TrackRequest.offer_id == offer.id,
            TrackRequest.state == RequestState.WAITLISTED,
        )
    )


def list_waiting(
    actor: Actor, offer: Offer, order: WaitingOrder, *, now: datetime, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[Waiting], str | None]:
    """The waiting list of an own offer in its order, and the cursor of the next page. Raises ValueError."""
    first, rank = first_of(TrackRequest), _rank(order, Case)
    statement = _listed(actor, offer, now).add_columns(first.label("first"), rank.label("rank"))
    here = sa.tuple_(first, rank, TrackRequest.waiting_since, TrackRequest.id)
    if after:
        place = decode(after, int, int, datetime, int)
        statement = statement.where(here > sa.tuple_(*(sa.literal(one) for one in place)))
    ordered = statement.order_by(first, rank, TrackRequest.waiting_since, TrackRequest.id).limit(limit + 1)
    rows = db.session.execute(ordered).all()
    last = rows[limit - 1] if len(rows) > limit else None
    following = encode(last.first, last.rank, last.waiting_since, last.id) if last else None
    return [_waiting(row) for row in rows[:limit]], following


def _waiting(row: Any) -> Waiting:
    rules = {"criteria": row.asked or (), "step": row.talks or ()}
    return Waiting(
        row.id,
        row.public_id,
        row.reference,
        row.waiting_since,
        row.planned_move_on,
        row.children,
        row.ask_again_on,
        row.is_passed,
        row.is_skipped,
        row.priority_reason,
        standing(rules, row.criteria, row.steps),
    )


def list_not_on(actor: Actor, offer: Offer, *, now: datetime) -> list[NotOn]:
    """Who was referred to an own offer in the last 90 days and is not on its list, the newest first."""
    rows = db.session.execute(
        sa.select(
            TrackRequest.public_id,
            Referral.reference,
            TrackRequest.state,
            TrackRequest.decline_reason,
            TrackRequest.cool_down_until,
        )
        .join(Referral, Referral.id == TrackRequest.referral_id)
        .where(
            visible_requests(actor),
            TrackRequest.offer_id == offer.id,
            TrackRequest.state.not_in((RequestState.DRAFT, RequestState.WAITLISTED)),
            TrackRequest.sent_at >= now - timedelta(days=EXPLAINED_DAYS),
        )
        .order_by(TrackRequest.sent_at.desc(), TrackRequest.id.desc())
        .limit(PAGE_SIZE)
    )
    return [NotOn(*row) for row in rows]


def list_own_lists(actor: Actor) -> list[OwnList]:
    """The own offers on whose list somebody waits, by name."""
    rows = db.session.execute(
        sa.select(Offer.public_id, Programme.name_da, Programme.name_en, sa.func.count())
        .select_from(TrackRequest)
        .join(Offer, Offer.id == TrackRequest.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(visible_requests(actor), TrackRequest.state == RequestState.WAITLISTED)
        .group_by(Offer.public_id, Programme.name_da, Programme.name_en)
        .order_by(Programme.name_da, Offer.public_id)
        .limit(PAGE_SIZE)
    )
    return [OwnList(*row) for row in rows]


def find_turn(request: TrackRequest, *, now: datetime) -> Turn:
    """How many come before her on the list, also while she is not on it herself, and how the house says no.

    Of the others only their number comes out (R-512). One statement.
    """
    since = sa.literal(request.waiting_since or now)
    before = sa.func.bro_waiting_before(request.offer_id, since, request.id)
    row = db.session.execute(sa.select(before, changed_uses(request.organisation_id))).one()
    return Turn(row[0], tuple(read_uses(row[1])))


def list_marks(request: TrackRequest) -> list[Mark]:
    """What happened to a request beside the order of the list, newest first."""
    rows = db.session.execute(
        sa.select(WaitingMark, User.name)
        .outerjoin(User, User.id == WaitingMark.made_by_id)
        .where(WaitingMark.request_id == request.id)
        .order_by(WaitingMark.made_at.desc(), WaitingMark.id.desc())
        .limit(PAGE_SIZE)
    )
    return [Mark(row.kind, row.reason, row.text, row.made_at, who) for row, who in rows]
