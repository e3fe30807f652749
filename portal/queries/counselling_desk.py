"""The adviser's list of counselling: her women by what is due, and who moved out without an offer."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.standing import StandingKind
from portal.core.states import CaseState, CounsellingState
from portal.db import db
from portal.domain.cases import shown_name
from portal.domain.counselling import ENDS_SOON_DAYS, OPEN, DeskGroup
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.counselling import CoordinatingCounselling as Counselling
from portal.models.counselling import CounsellingPromise
from portal.queries.case_lens import lens_columns, lens_from
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.standing import stands
from portal.queries.visibility import told_cases


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One woman in the list; `on` is the day by which the group is sorted."""

    case_public_id: str
    reference: str
    name: str | None
    state: CounsellingState
    on: date
    attempts: int
    started_on: date | None
    planned_end_on: date | None


def _promised() -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.min(CounsellingPromise.due_on))
        .where(CounsellingPromise.case_id == Counselling.case_id, CounsellingPromise.settled_on.is_(None))
        .correlate(Counselling)
        .scalar_subquery()
    )


def _groups(today: date) -> dict[DeskGroup, tuple[sa.ColumnElement[bool], Any]]:
    """Each group: who is in it, and the day by which it is sorted."""
    state, soon = Counselling.state, today + timedelta(days=ENDS_SOON_DAYS)
    asks, promised = Counselling.ask_again_on.is_not(None), _promised()
    opened_on = sa.cast(sa.func.timezone("Europe/Copenhagen", Case.opened_at), sa.Date)
    left = sa.func.coalesce(Counselling.left_on, Case.planned_move_on, opened_on)
    # Whom nobody is to offer or ask anything: she has died, or no Danish municipality is responsible.
    lives, is_here = ~stands(Case.id, StandingKind.DIED), ~stands(Case.id, *StandingKind)
    return {
        DeskGroup.NEW: (sa.and_(state == CounsellingState.NOT_OFFERED, is_here), left),
        DeskGroup.WAITING: (
            sa.and_(state.in_((CounsellingState.OFFERED, CounsellingState.NO_ANSWER)), ~asks, lives),
            sa.func.coalesce(Counselling.offered_on, left),
        ),
        DeskGroup.ASK_AGAIN: (sa.and_(state.in_(OPEN), asks, lives), sa.func.coalesce(Counselling.ask_again_on, left)),
        DeskGroup.AGREED: (state == CounsellingState.ACCEPTED, sa.func.coalesce(Counselling.answered_on, left)),
        DeskGroup.STARTED: (state == CounsellingState.STARTED, sa.func.coalesce(Counselling.started_on, left)),
        DeskGroup.ENDING: (
            sa.and_(state == CounsellingState.STARTED, Counselling.planned_end_on <= soon),
            sa.func.coalesce(Counselling.planned_end_on, left),
        ),
        DeskGroup.PROMISES: (promised.is_not(None), promised),
    }


def _mine(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(Counselling.is_current, Case.state == CaseState.OPEN, told_cases(actor))


def counts(actor: Actor, *, today: date) -> dict[DeskGroup, int]:
    """How many of the actor's women are in each group, in one statement."""
    groups = _groups(today)
    row = db.session.execute(
        sa.select(*(sa.func.count().filter(which) for which, _day in groups.values()))
        .select_from(Counselling)
        .join(Case, Case.id == Counselling.case_id)
        .where(_mine(actor))
    ).one()
    return dict(zip(groups, row, strict=True))


def list_group(
    actor: Actor, group: DeskGroup, *, today: date, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[DeskRow], str | None]:
    """The actor's women of one group, what is due first on top, and the next cursor. ValueError for a bad one."""
    which, day = _groups(today)[group]
    statement = (
        sa.select(Case, Client, Counselling, day.label("day"), *lens_columns(actor))
        .join(Client, Client.id == Case.client_id)
        .join(Counselling, Counselling.case_id == Case.id)
        .where(_mine(actor), which)
        .order_by(day, Counselling.id)
        .limit(limit + 1)
    )
    if after:
        last_day, last_id = decode(after, date, int)
        statement = statement.where(sa.tuple_(day, Counselling.id) > (last_day, last_id))
    rows = db.session.execute(statement).all()
    last = rows[limit - 1] if len(rows) > limit else None
    following = None if last is None else encode(last.day, last.CoordinatingCounselling.id)
    return [_row(actor, row) for row in rows[:limit]], following


def _row(actor: Actor, row: Any) -> DeskRow:
    one, seen = row.CoordinatingCounselling, lens_from(actor, row)
    return DeskRow(
        case_public_id=row.Case.public_id,
        reference=row.Case.reference,
        name=shown_name(row.Client.name, seen),
        state=one.state,
        on=row.day,
        attempts=one.attempts,
        started_on=one.started_on,
        planned_end_on=one.planned_end_on,
    )


def list_missed_ids(today: date) -> list[int]:
    """Who has left without an offer and is not told of to everybody yet: for the nightly look."""
    rows = db.session.scalars(
        sa.select(Counselling.id)
        .join(Case, Case.id == Counselling.case_id)
        .where(
            Counselling.is_current,
            Counselling.state == CounsellingState.NOT_OFFERED,
            Counselling.left_on <= today,
            sa.or_(Counselling.missed_on.is_(None), Counselling.missed_lead_on.is_(None)),
            Case.state == CaseState.OPEN,
            Case.erased_at.is_(None),
            # Nobody is to offer her anything, or no Danish municipality is.
            ~stands(Case.id, *StandingKind),
        )
        .order_by(Counselling.left_on, Counselling.id)
    )
    return list(rows)
