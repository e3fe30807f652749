"""Follow-ups and what they show. Scores are for the team of the case alone (R-090)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.measures import FollowUpPoint, InstrumentKey
from portal.core.states import FollowUpState
from portal.db import db
from portal.domain.disclosure import FieldGroup, opens
from portal.domain.followup_steps import OPEN
from portal.domain.labels import label
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp, Measure
from portal.models.programmes import Offer, Programme
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import TEAM_ROLES, relation_of, visible_cases

Point = tuple[str, date, int]


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One follow-up in a list."""

    public_id: str
    reference: str
    point: FollowUpPoint
    span: str
    state: FollowUpState
    due_on: date
    closes_on: date
    name_da: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What one form of a follow-up holds: the answers, and the score once it is whole."""

    answers: dict[str, int]
    score: int | None


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Follow-ups of the cases whose team the actor is on; no others see any, nor a score (R-090)."""
    if actor.role not in TEAM_ROLES:
        return sa.false()
    theirs = FollowUp.case_id.in_(sa.select(Case.id).where(visible_cases(actor)).correlate(None))
    if actor.role is not Role.MUNICIPAL_ADVISER:
        return theirs
    # In somebody else's case the municipality has its own part; in its own it has the whole.
    owned = sa.select(Case.id).where(Case.owner_organisation_id == actor.organisation_id).correlate(None)
    return sa.and_(theirs, sa.or_(FollowUp.organisation_id == actor.organisation_id, FollowUp.case_id.in_(owned)))


def get(actor: Actor, public_id: str) -> FollowUp:
    """One follow-up with its case, enrolment and programme. Raises NotFound, also for one she may not see."""
    found = db.session.scalar(
        sa.select(FollowUp)
        .join(FollowUp.case)
        .join(FollowUp.enrolment)
        .join(Enrolment.offer)
        .join(Offer.programme)
        .options(
            contains_eager(FollowUp.case),
            contains_eager(FollowUp.enrolment).contains_eager(Enrolment.offer).contains_eager(Offer.programme),
            joinedload(FollowUp.owner),
        )
        .where(FollowUp.public_id == public_id, visible(actor))
    )
    if found is None:
        raise NotFound
    return found


def case_of(actor: Actor, public_id: str) -> int:
    """The key of the case that a follow-up belongs to, for the log of views. Raises NotFound."""
    case_id = db.session.scalar(sa.select(FollowUp.case_id).where(FollowUp.public_id == public_id, visible(actor)))
    if case_id is None:
        raise NotFound
    return case_id


def measures_of(follow_up: FollowUp) -> dict[InstrumentKey, Measure]:
    """What was answered at a follow-up, form by form. Assumes that the caller may see it."""
    rows = db.session.scalars(sa.select(Measure).where(Measure.follow_up_id == follow_up.id))
    return {measure.instrument: measure for measure in rows}


def answered(actor: Actor, follow_up: FollowUp) -> dict[InstrumentKey, Answered]:
    """What a page shows of `measures_of`: nothing to a reader to whom scores are closed."""
    if not opens(FieldGroup.OUTCOME_SCORES, relation_of(actor)):
        return {}
    return {key: Answered(measure.answers, measure.score) for key, measure in measures_of(follow_up).items()}


def previous_safety(case_id: int, *, before_id: int) -> int | None:
    """The newest safety feeling of a case that was measured at another follow-up, 1 to 7."""
    return db.session.scalar(
        sa.select(Measure.score)
        .where(
            Measure.case_id == case_id,
            Measure.instrument == InstrumentKey.SAFETY_FEELING,
            Measure.follow_up_id != before_id,
            Measure.score.is_not(None),
        )
        .order_by(Measure.taken_on.desc(), Measure.id.desc())
        .limit(1)
    )


def _rows(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            FollowUp.public_id,
            Case.reference,
            FollowUp.point,
            FollowUp.span,
            FollowUp.state,
            FollowUp.due_on,
            FollowUp.closes_on,
            Programme.name_da,
            Programme.name_en,
            FollowUp.id,
        )
        .join(Case, Case.id == FollowUp.case_id)
        .join(Enrolment, Enrolment.id == FollowUp.enrolment_id)
        .join(Offer, Offer.id == Enrolment.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(visible(actor))
    )


def list_due(
    actor: Actor, *, today: date, is_mine: bool = True, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[FollowUpRow], str | None]:
    """Follow-ups that can be filled in now, the oldest due day first: one's own, or those of one's organisation.

    Raises ValueError for a bad cursor.
    """
    statement = _rows(actor).where(FollowUp.state.in_(OPEN), FollowUp.opens_on <= today)
    if is_mine:
        statement = statement.where(FollowUp.owner_id == actor.user_id)
    else:
        statement = statement.where(FollowUp.organisation_id == actor.organisation_id)
    if after:
        statement = statement.where(sa.tuple_(FollowUp.due_on, FollowUp.id) > decode(after, date, int))
    rows = db.session.execute(statement.order_by(FollowUp.due_on, FollowUp.id).limit(limit + 1)).all()
    following = encode(rows[limit - 1].due_on, rows[limit - 1].id) if len(rows) > limit else None
    return [FollowUpRow(*row[:-1]) for row in rows[:limit]], following


def list_for_case(actor: Actor, case_id: int, *, limit: int = PAGE_SIZE) -> list[FollowUpRow]:
    """All follow-ups of a case in the order of their days; nothing for a reader without scores."""
    statement = _rows(actor).where(FollowUp.case_id == case_id, FollowUp.state != FollowUpState.CANCELLED)
    rows = db.session.execute(statement.order_by(FollowUp.due_on, FollowUp.id).limit(limit)).all()
    return [FollowUpRow(*row[:-1]) for row in rows]


def curves(actor: Actor, case_id: int) -> dict[InstrumentKey, list[Point]]:
    """Scores over time by instrument, as (where, when, score); only complete forms have one (R-080).

    Nothing for a reader without scores. One statement.
    """
    found: dict[InstrumentKey, list[Point]] = {}
    rows = db.session.execute(
        sa.select(Measure.instrument, FollowUp.point, Measure.taken_on, Measure.score)
        .join(FollowUp, FollowUp.id == Measure.follow_up_id)
        .where(Measure.case_id == case_id, Measure.score.is_not(None), visible(actor))
        .order_by(Measure.taken_on, Measure.id)
    )
    for instrument, point, taken_on, score in rows:
        found.setdefault(instrument, []).append((label(point), taken_on, score or 0))
    return found


def list_closed(now_day: date, states: tuple[FollowUpState, ...], *, limit: int = 200) -> list[FollowUp]:
    """For the nightly job: follow-ups in some states whose window has closed, locked."""
    return list(
        db.session.scalars(
            sa.select(FollowUp)
            .where(FollowUp.state.in_(states), FollowUp.closes_on < now_day)
            .order_by(FollowUp.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
