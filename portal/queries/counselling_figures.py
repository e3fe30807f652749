"""The figures on counselling: all who left in a period, and those behind a figure whom the reader may see (R-675)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.states import CounsellingState
from portal.db import db
from portal.domain.counselling_figures import Move
from portal.models.cases import Case
from portal.models.counselling import CoordinatingCounselling as Counselling
from portal.models.organisations import Organisation
from portal.models.stays import Stay
from portal.queries.barriers import is_open_to
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import told_cases
from portal.wall import as_system


@dataclass(frozen=True, slots=True)
class Listed:
    """One woman behind a figure, under the reference that the reader knows her by."""

    # Empty where the reader has no way into the case.
    case_public_id: str | None
    reference: str
    left_on: date
    state: CounsellingState


def _of_the_house(actor: Actor) -> sa.ColumnElement[bool]:
    """A municipality's own: those it was responsible for on the day. A centre's: those who left it."""
    code = (
        sa.select(Organisation.municipality_code)
        .where(Organisation.id == actor.organisation_id)
        .correlate(None)
        .scalar_subquery()
    )
    own = Case.owner_organisation_id == actor.organisation_id
    return sa.or_(
        Counselling.municipality_code == code,
        Stay.organisation_id == actor.organisation_id,
        sa.and_(own, Counselling.stay_id.is_(None)),
    )


@as_system()
def list_moves(actor: Actor, starts_on: date, ends_on: date) -> list[Move]:
    """Everybody of the actor's own organisation who left from a day to another, both counted. One statement.

    Numbers are made of it, and nothing else: it asks nobody's sight, so that nobody is missing.
    """
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Counselling.id,
            Counselling.left_on,
            Counselling.state,
            Counselling.started_on,
            Counselling.ended_on,
            Counselling.end_reason,
        )
        .join(Case, Case.id == Counselling.case_id)
        .outerjoin(Stay, Stay.id == Counselling.stay_id)
        .where(Counselling.left_on.between(starts_on, ends_on), Case.erased_at.is_(None), _of_the_house(actor))
        .order_by(Counselling.id)
    )
    return [Move(*row) for row in db.session.execute(statement)]


def _seen(actor: Actor) -> sa.ColumnElement[bool]:
    """A lead sees the cases of her house under the reference for leads, everybody else those that she works on."""
    if actor.role is Role.PROGRAMME_LEAD:
        return sa.and_(Case.owner_organisation_id == actor.organisation_id, is_open_to(actor, Case.id))
    return told_cases(actor)


def list_behind(
    actor: Actor, keys: Collection[int], *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[Listed], int, str | None]:
    """Those behind a figure whom the reader may see, how many she may see in all, and the next cursor.

    Raises ValueError for a bad cursor. Two statements.
    """
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Counselling.id,
            Case.public_id,
            Case.reference,
            Case.lead_reference,
            Counselling.left_on,
            Counselling.state,
        )
        .join(Case, Case.id == Counselling.case_id)
        .where(Counselling.id.in_(list(keys)), _seen(actor))
    )
    shown = db.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0
    if after:
        statement = statement.where(Counselling.id < decode(after, int)[0])
    rows = db.session.execute(statement.order_by(Counselling.id.desc()).limit(limit + 1)).all()
    following = encode(rows[limit - 1].id) if len(rows) > limit else None
    is_lead = actor.role is Role.PROGRAMME_LEAD
    listed = [
        Listed(
            None if is_lead else row.public_id,
            row.lead_reference if is_lead else row.reference,
            row.left_on,
            row.state,
        )
        for row in rows[:limit]
    ]
    return listed, shown, following
