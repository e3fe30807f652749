"""Courses that somebody is asked to take over: what the asked one reads of them, and what waits for an answer."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.core.actor import Actor
from portal.core.courses import TakeOverState
from portal.core.errors import NotFound
from portal.core.states import CaseState
from portal.db import db
from portal.domain.enrolments import LIVE
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.programmes import Offer, Programme
from portal.models.take_overs import TakeOver
from portal.models.users import User
from portal.queries.barriers import is_open_to
from portal.queries.enrolments import one_course
from portal.wall import as_system

# Nobody is asked for more courses at once.
MOST = 50


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A course that the reader is asked to take, under the reference for lists: nothing of what is in the case."""

    public_id: str
    reference: str
    programme_da: str
    programme_en: str
    asked_by: str
    hand_over: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who has been asked to take a course and has not answered, and since when."""

    name: str
    asked_at: datetime


def _waits_for(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(
        TakeOver.to_id == actor.user_id,
        TakeOver.state == TakeOverState.ASKED,
        Enrolment.organisation_id == actor.organisation_id,
        Enrolment.state.in_(LIVE),
        Enrolment.worker_id == TakeOver.from_id,
        Case.state == CaseState.OPEN,
        is_open_to(actor, TakeOver.case_id),
    )


@as_system()
def list_asked(actor: Actor) -> list[AskedRow]:
    """What the actor is asked to take over, the oldest first. Never of a case that keeps her out."""
    asker = aliased(User)
    rows = db.session.execute(
        sa.select(
            TakeOver.public_id,
            Case.lead_reference,
            Programme.name_da,
            Programme.name_en,
            asker.name,
            TakeOver.hand_over,
            TakeOver.asked_at,
        )
        .join(Enrolment, Enrolment.id == TakeOver.enrolment_id)
        .join(Case, Case.id == TakeOver.case_id)
        .join(Offer, Offer.id == Enrolment.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .join(asker, asker.id == TakeOver.by_id)
        .where(_waits_for(actor))
        .order_by(TakeOver.id)
        .limit(MOST)
    )
    return [AskedRow(*row) for row in rows]


@as_system()
def get_asked(actor: Actor, public_id: str) -> TakeOver:
    """One of them with its course, held until the transaction ends. Raises NotFound."""
    found = db.session.scalar(
        sa.select(TakeOver)
        .join(TakeOver.enrolment)
        .join(Case, Case.id == TakeOver.case_id)
        .where(TakeOver.public_id == public_id, _waits_for(actor))
        .options(
            contains_eager(TakeOver.enrolment).options(joinedload(Enrolment.offer).joinedload(Offer.programme)),
            joinedload(TakeOver.to, innerjoin=True),
        )
        .with_for_update(of=(TakeOver, Enrolment))
    )
    if found is None:
        raise NotFound
    return found


def _is_waiting() -> sa.ColumnElement[bool]:
    return sa.and_(
        TakeOver.enrolment_id == Enrolment.id,
        TakeOver.state == TakeOverState.ASKED,
        TakeOver.from_id == Enrolment.worker_id,
    )


def get_course(actor: Actor, public_id: str) -> tuple[Enrolment, Waiting | None]:
    """The course as `enrolments.get`, and who has been asked to take it, in one statement. Raises NotFound."""
    asked = aliased(User)
    found = db.session.execute(
        one_course(actor, public_id)
        .outerjoin(TakeOver, _is_waiting())
        .outerjoin(asked, asked.id == TakeOver.to_id)
        .add_columns(asked.name, TakeOver.asked_at)
    ).one_or_none()
    if found is None:
        raise NotFound
    course, name, asked_at = found
    return course, Waiting(name, asked_at) if asked_at else None


def find_open(enrolment: Enrolment) -> TakeOver | None:
    """The question about a course that nobody has answered yet, held until the transaction ends; None without one."""
    return db.session.scalar(
        sa.select(TakeOver)
        .join(TakeOver.enrolment)
        .where(Enrolment.id == enrolment.id, _is_waiting())
        .options(contains_eager(TakeOver.enrolment))
        .with_for_update(of=(TakeOver, Enrolment))
    )
