"""What waits at a lead's house: one number for each tile, and the very rows behind it, nobody's name (R-790)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.clock import add_months
from portal.core.deadlines import DeadlineKind
from portal.core.states import DeadlineState, FollowUpState, GrantState
from portal.db import db
from portal.domain.referrals import CLOCK_RUNS
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.grants import Fund, GrantApplication
from portal.models.housing import Tenancy
from portal.models.programmes import Offer, Programme
from portal.models.referrals import Referral, TrackRequest
from portal.models.users import User
from portal.models.waiting import RequestRung
from portal.queries import bridge, children, silence, teamless, workerless
from portal.queries.barriers import is_open_to
from portal.queries.clauses import built_once
from portal.queries.ladder import named_now
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.tenancies import ENDED
from portal.wall import as_system

Rows = sa.Select[*tuple[Any, ...]]
PHASE_DAYS = 14
TENANCY_MONTHS = 6
UNCHECKED_DAYS = 90
LOOKS_AT_SAFETY = (DeadlineKind.RISK_REVIEW, DeadlineKind.SAFETY_REVIEW, DeadlineKind.SAFETY_PLAN)
GRANT_WAITS = (GrantState.SUBMITTED, GrantState.SCREENING, GrantState.NEEDS_INFO, GrantState.ASSESSED)
TO_BE_ASKED = (FollowUpState.PLANNED, FollowUpState.DUE, FollowUpState.PARTLY_COMPLETED)


class Tile(StrEnum):
    """What a lead is told of, in the order of the page."""

    UNASSIGNED = "unassigned"
    ESCALATED = "escalated"
    SILENT = "silent"
    SAFETY = "safety"
    ALONE = "alone"
    CHILDREN = "children"
    PHASES = "phases"
    TENANCIES = "tenancies"
    GRANTS = "grants"
    FOLLOW_UPS = "follow_ups"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class TileRow:
    """One row behind a tile. `word`: which kind of row or point in time; `names`: the programme or the fund."""

    reference: str | None
    on: date
    who: str | None
    word: str | None
    names: tuple[str, str] | None


def _columns(key: Any, reference: Any, on: Any, *, who: Any = None, word: Any = None, names: Any = None) -> Rows:
    danish, english = names or (sa.null(), sa.null())
    return sa.select(
        key.label("id"),
        reference.label("reference"),
        on.label("on"),
        (sa.null() if who is None else who).label("who"),
        (sa.null() if word is None else word).label("word"),
        danish.label("danish"),
        english.label("english"),
    )


def _escalated(actor: Actor, today: date) -> Rows:
    """Requests that have waited so long that somebody is named to see to them."""
    owner = aliased(User)
    programme = (Programme.name_da, Programme.name_en)
    return (
        _columns(TrackRequest.id, Referral.reference, TrackRequest.answer_due_on, who=owner.name, names=programme)
        .join(Referral, Referral.id == TrackRequest.referral_id)
        .join(Offer, Offer.id == TrackRequest.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .join(RequestRung, named_now())
        .outerjoin(owner, owner.id == RequestRung.owner_id)
        .where(TrackRequest.organisation_id == actor.organisation_id, TrackRequest.state.in_(CLOCK_RUNS))
        .where(TrackRequest.answer_due_on.is_not(None))
    )


def _open(actor: Actor, kinds: tuple[DeadlineKind, ...], until: date) -> Rows:
    """Open rows of the work lists of the house, of these kinds, up to a day."""
    return (
        _columns(
            Deadline.id,
            Case.lead_reference,
            Deadline.due_on,
            who=User.name,
            word=sa.cast(Deadline.kind, sa.Text),
        )
        .outerjoin(Case, Case.id == Deadline.case_id)
        .outerjoin(User, User.id == Deadline.owner_id)
        .where(
            Deadline.organisation_id == actor.organisation_id,
            Deadline.state == DeadlineState.OPEN,
            Deadline.kind.in_(kinds),
            Deadline.due_on <= until,
            is_open_to(actor, Deadline.case_id, may_be_none=True),
        )
    )


def _safety(actor: Actor, today: date) -> Rows:
    return _open(actor, LOOKS_AT_SAFETY, today - timedelta(days=1))


def _phases(actor: Actor, today: date) -> Rows:
    return _open(actor, (DeadlineKind.CTI_PHASE_CHANGE,), today + timedelta(days=PHASE_DAYS))


def _tenancies(actor: Actor, today: date) -> Rows:
    """Homes of the house whose agreed time is over within six months, or over already."""
    ends_on = sa.func.upper(Tenancy.period, type_=sa.Date)
    return (
        _columns(Tenancy.id, Case.lead_reference, ends_on, who=User.name)
        .join(Enrolment, Enrolment.id == Tenancy.enrolment_id)
        .join(Case, Case.id == Enrolment.case_id)
        .outerjoin(User, User.id == Enrolment.worker_id)
        .where(
            Enrolment.organisation_id == actor.organisation_id,
            Tenancy.state.not_in(ENDED),
            ends_on < add_months(today, TENANCY_MONTHS),
            is_open_to(actor, Enrolment.case_id),
        )
    )


def _grants(actor: Actor, today: date) -> Rows:
    """Applications from the house, and to its funds, that have waited beyond the ten weekdays for an answer."""
    own = actor.organisation_id
    return (
        _columns(
            GrantApplication.id,
            Case.lead_reference,
            GrantApplication.answer_due_on,
            who=User.name,
            names=(Fund.name, Fund.name),
        )
        .join(Case, Case.id == GrantApplication.case_id)
        .join(Fund, Fund.id == GrantApplication.fund_id)
        .join(User, User.id == GrantApplication.applicant_id)
        .where(
            sa.or_(Fund.organisation_id == own, GrantApplication.applicant_organisation_id == own),
            GrantApplication.state.in_(GRANT_WAITS),
            GrantApplication.answer_due_on < today,
            is_open_to(actor, GrantApplication.case_id),
        )
    )


def _follow_ups(actor: Actor, today: date) -> Rows:
    """Follow-ups whose days have begun, and that nobody has answered yet."""
    return (
        _columns(
            FollowUp.id, Case.lead_reference, FollowUp.due_on, who=User.name, word=sa.cast(FollowUp.point, sa.Text)
        )
        .join(Case, Case.id == FollowUp.case_id)
        .outerjoin(User, User.id == FollowUp.owner_id)
        .where(
            FollowUp.organisation_id == actor.organisation_id,
            FollowUp.state.in_(TO_BE_ASKED),
            FollowUp.opens_on <= today,
            is_open_to(actor, FollowUp.case_id),
        )
    )


def _unchecked(actor: Actor, today: date) -> Rows:
    """Courses that ended early in the last 90 days without a look at her safety, and why (R-785)."""
    why = sa.cast(Enrolment.unchecked_reason, sa.Text)
    return (
        _columns(Enrolment.id, Case.lead_reference, Enrolment.ended_on, who=User.name, word=why)
        .join(Case, Case.id == Enrolment.case_id)
        .outerjoin(User, User.id == Enrolment.worker_id)
        .where(
            Enrolment.organisation_id == actor.organisation_id,
            Enrolment.unchecked_reason.is_not(None),
            Enrolment.ended_on >= today - timedelta(days=UNCHECKED_DAYS),
            is_open_to(actor, Enrolment.case_id),
        )
    )


def _children(actor: Actor, today: date) -> Rows:
    """A row for each child with whom nobody has spoken: since when, and nothing of the child."""
    key, reference, since = children.unspoken_columns()
    return children.of_unspoken(_columns(key, reference, since), actor, today=today)


# The tiles whose rows have no page of their own elsewhere.
LISTS: Mapping[Tile, Callable[[Actor, date], Rows]] = {
    Tile.ESCALATED: _escalated,
    Tile.SAFETY: _safety,
    Tile.CHILDREN: _children,
    Tile.PHASES: _phases,
    Tile.TENANCIES: _tenancies,
    Tile.GRANTS: _grants,
    Tile.FOLLOW_UPS: _follow_ups,
    Tile.UNCHECKED: _unchecked,
}


def _number(rows: sa.Select[*tuple[Any, ...]]) -> sa.ScalarSelect[Any]:
    return sa.select(sa.func.count()).select_from(rows.subquery()).scalar_subquery()


@as_system()
def count_tiles(actor: Actor, *, today: date) -> dict[Tile, int]:
    """How many rows stand behind each tile, in one statement."""
    return dict(zip(Tile, db.session.execute(_counted(actor, today)).one(), strict=True))


@built_once
def _counted(actor: Actor, today: date) -> sa.Select[*tuple[Any, ...]]:
    elsewhere = {
        Tile.UNASSIGNED: _number(teamless.alone_of_house(actor)) + _number(workerless.waiting_of_house(actor)),
        Tile.SILENT: _number(silence.long_of_house(actor, today)),
        Tile.ALONE: _number(bridge.alone_of_house(actor, today)),
    }
    parts = elsewhere | {tile: _number(rows(actor, today)) for tile, rows in LISTS.items()}
    return sa.select(*(parts[tile] for tile in Tile))


@as_system()
def list_tile(
    actor: Actor, tile: Tile, *, today: date, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[TileRow], str | None]:
    """The rows behind one tile, the oldest day first, and the next cursor. Raises ValueError for a bad one."""
    statement = LISTS[tile](actor, today)
    place = [statement.selected_columns[name].element for name in ("on", "id")]
    if after:
        statement = statement.where(sa.tuple_(*place) > decode(after, date, int))
    statement = statement.order_by(*place).limit(limit + 1)
    found = db.session.execute(statement).all()
    following = encode(found[limit - 1].on, found[limit - 1].id) if len(found) > limit else None
    return [_row(row) for row in found[:limit]], following


def _row(row: Any) -> TileRow:
    names = (row.danish, row.english or row.danish) if row.danish else None
    return TileRow(reference=row.reference, on=row.on, who=row.who, word=row.word, names=names)
