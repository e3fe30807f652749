"""The inbox of a receiver: requests without names, in views, the most pressing first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.kinds import SafetyLevel
from portal.core.states import RequestState
from portal.db import db
from portal.domain.disclosure import FieldGroup
from portal.domain.referrals import CLOCK_RUNS
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.clients import Client
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme, ProgrammeVersion
from portal.models.referrals import Referral, TrackRequest
from portal.models.risk import SafetyAssessment
from portal.models.users import User
from portal.queries import ladder
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.requests import CLOSED, position
from portal.queries.visibility import visible_requests

FAR = date(9999, 12, 31)
DECIDED_DAYS = 30
TABS: dict[str, tuple[RequestState, ...]] = {
    "new": (RequestState.SUBMITTED,),
    "mine": (RequestState.IN_VISITATION,),
    "sender": (RequestState.NEEDS_INFO,),
    "offered": (RequestState.OFFERED,),
    "waiting": (RequestState.WAITLISTED,),
    "decided": (RequestState.ACCEPTED, *CLOSED, RequestState.REDIRECTED),
}


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A request as the inbox shows it: nothing that tells who she is."""

    id: int
    public_id: str
    reference: str
    state: RequestState
    programme_da: str
    programme_en: str
    sent_at: datetime
    answer_due_on: date | None
    days_left: int | None
    planned_move_on: date | None
    language: str | None
    # None where the programme does without it before it has taken her in.
    needs_interpreter: bool | None
    children: int | None
    sender: str
    holder: str | None
    position: int | None
    safety_level: SafetyLevel | None
    # The last day on which that judgement counts.
    safety_until: date | None
    is_protected: bool
    offer_expires_on: date | None
    is_running: bool
    rungs: tuple[int, ...]
    late_with: str | None


def _tab(actor: Actor, tab: str, now: datetime) -> sa.ColumnElement[bool]:
    condition = sa.and_(visible_requests(actor), TrackRequest.state.in_(TABS[tab]))
    if tab == "mine":
        return sa.and_(condition, TrackRequest.holder_id == actor.user_id)
    if tab == "new":
        # Taken and then left lying counts as new again once the hold has run out.
        left = sa.and_(
            TrackRequest.state == RequestState.IN_VISITATION,
            sa.or_(
                TrackRequest.held_until.is_(None),
                TrackRequest.held_until < now,
                TrackRequest.holder_id != actor.user_id,
            ),
        )
        return sa.and_(visible_requests(actor), sa.or_(TrackRequest.state.in_(TABS[tab]), left))
    if tab == "decided":
        return sa.and_(condition, TrackRequest.decided_at >= now - timedelta(days=DECIDED_DAYS))
    return condition


def count_tabs(actor: Actor, *, now: datetime) -> dict[str, int]:
    """How many requests each view of the inbox holds, in one statement without answers of earlier years (R-740)."""
    count, waits = sa.func.count(), [tab for tab in TABS if tab != "decided"]
    decided = sa.select(count).select_from(TrackRequest).where(_tab(actor, "decided", now)).scalar_subquery()
    columns = [count.filter(_tab(actor, tab, now)).label(tab) for tab in waits]
    waiting = TrackRequest.state.in_([state for tab in waits for state in TABS[tab]])
    statement = sa.select(*columns, decided.label("decided")).where(visible_requests(actor), waiting)
    return dict(db.session.execute(statement).one()._mapping)


def _order(tab: str) -> tuple[Any, type[Any]]:
    if tab == "decided":
        return TrackRequest.decided_at, datetime
    if tab == "waiting":
        return TrackRequest.waiting_since, datetime
    if tab == "offered":
        return sa.func.coalesce(TrackRequest.offer_expires_on, FAR), date
    return sa.func.coalesce(TrackRequest.answer_due_on, FAR), date


def list_inbox(
    actor: Actor, *, tab: str, now: datetime, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[InboxRow], str | None]:
    """One view of the inbox, the most pressing first, and the cursor of the next page. Raises ValueError."""
    key, kind = _order(tab)
    statement = _inbox_rows(key).where(_tab(actor, tab, now))
    backwards = tab == "decided"
    if after:
        place = sa.tuple_(*(sa.literal(value) for value in decode(after, kind, int)))
        here = sa.tuple_(key, TrackRequest.id)
        statement = statement.where(here < place if backwards else here > place)
    order = (key.desc(), TrackRequest.id.desc()) if backwards else (key, TrackRequest.id)
    rows = db.session.execute(statement.order_by(*order).limit(limit + 1)).all()
    following = encode(rows[limit - 1].sort_key, rows[limit - 1].id) if len(rows) > limit else None
    return [_inbox_row(row) for row in rows[:limit]], following


def _children() -> sa.ScalarSelect[int]:
    """How many children are along."""
    counted = sa.select(sa.func.count()).where(Child.client_id == Case.client_id, Child.is_along)
    return counted.correlate(Case).scalar_subquery()


def _newest(column: Any) -> sa.ScalarSelect[Any]:
    """A column of the newest safety assessment."""
    return (
        sa.select(column)
        .where(SafetyAssessment.case_id == TrackRequest.case_id)
        .order_by(SafetyAssessment.assessed_on.desc(), SafetyAssessment.id.desc())
        .limit(1)
        .correlate(TrackRequest)
        .scalar_subquery()
    )


def _inbox_rows(key: Any) -> sa.Select[*tuple[Any, ...]]:
    sender = aliased(Organisation)
    return (
        sa.select(
            TrackRequest.id,
            TrackRequest.public_id,
            Referral.reference,
            TrackRequest.state,
            Programme.name_da,
            Programme.name_en,
            TrackRequest.sent_at,
            TrackRequest.answer_due_on,
            TrackRequest.paused_days_left,
            Case.planned_move_on,
            Client.language,
            Client.needs_interpreter,
            _children().label("children"),
            sender.name.label("sender"),
            User.name.label("holder"),
            position().label("position"),
            _newest(SafetyAssessment.level).label("level"),
            _newest(SafetyAssessment.review_on).label("until"),
            (Client.protection_level > 0).label("is_protected"),
            TrackRequest.offer_expires_on,
            sa.func.coalesce(ProgrammeVersion.content, Programme.rules)["hidden"].label("hidden"),
            ladder.rungs().label("rungs"),
            ladder.late_with().label("late_with"),
            key.label("sort_key"),
        )
        .join(Referral, Referral.id == TrackRequest.referral_id)
        .join(Case, Case.id == TrackRequest.case_id)
        .join(Client, Client.id == Case.client_id)
        .join(sender, sender.id == Referral.organisation_id)
        .join(Offer, Offer.id == TrackRequest.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == TrackRequest.programme_version_id)
        .outerjoin(User, User.id == TrackRequest.holder_id)
    )


def _inbox_row(row: Any) -> InboxRow:
    hidden = frozenset(row.hidden or ()) if row.state is not RequestState.ACCEPTED else frozenset()
    sees_language = FieldGroup.PERSON_LANGUAGE_NEEDS.value not in hidden
    sees_risk = FieldGroup.RISK_LEVEL.value not in hidden
    return InboxRow(
        row.id,
        row.public_id,
        row.reference,
        row.state,
        row.name_da,
        row.name_en,
        row.sent_at,
        row.answer_due_on,
        row.paused_days_left,
        row.planned_move_on,
        row.language if sees_language else None,
        row.needs_interpreter if sees_language else None,
        None if FieldGroup.CHILD_COUNT_BAND.value in hidden else row.children,
        row.sender,
        row.holder,
        row.position if row.state is RequestState.WAITLISTED else None,
        row.level if sees_risk else None,
        row.until if sees_risk else None,
        row.is_protected and FieldGroup.ADDR_PROTECTION_LEVEL.value not in hidden,
        row.offer_expires_on,
        row.state in CLOCK_RUNS,
        tuple(sorted(row.rungs or ())),
        row.late_with,
    )
