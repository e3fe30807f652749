"""Courses of a house that ended lately and may go on, for its lead: no content, no case."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.kinds import EndReason
from portal.core.states import CaseState, EnrolmentState
from portal.db import db
from portal.domain.enrolments import LIVE, REOPEN_DAYS, REOPENS
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.programmes import Offer, Programme
from portal.queries.barriers import is_open_to
from portal.queries.paging import PAGE_SIZE, Listed, cut, decode
from portal.wall import as_system

ENDED = (EnrolmentState.COMPLETED, EnrolmentState.ENDED_EARLY)


@dataclass(frozen=True, slots=True)
class EndedRow:
    """A course that has ended, under the reference for leads."""

    public_id: str
    reference: str
    programme_da: str
    programme_en: str
    ended_on: date | None
    end_reason: EndReason | None


def _own(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(
        Enrolment.organisation_id == actor.organisation_id,
        Enrolment.kind.in_(REOPENS),
        Enrolment.state.in_(ENDED),
        is_open_to(actor, Case.id),
    )


@as_system()
def list_ended(actor: Actor, today: date, *, after: str | None = None, limit: int = PAGE_SIZE) -> Listed[EndedRow]:
    """Courses of the lead's house that may go on, the one that ended last first. Raises ValueError for a bad cursor."""
    ended = (
        sa.select(
            Enrolment.public_id,
            Case.lead_reference,
            Programme.name_da,
            Programme.name_en,
            Enrolment.ended_on,
            Enrolment.end_reason,
            Enrolment.id,
        )
        .join(Case, Case.id == Enrolment.case_id)
        .join(Offer, Offer.id == Enrolment.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(
            _own(actor),
            Enrolment.ended_on >= today - timedelta(days=REOPEN_DAYS),
            Case.state == CaseState.OPEN,
        )
    )
    key = (Enrolment.ended_on, Enrolment.id)
    if after:
        ended = ended.where(sa.tuple_(*key) < decode(after, date, int))
    rows = db.session.execute(ended.order_by(*(column.desc() for column in key)).limit(limit + 1)).all()
    return cut(rows, lambda row: EndedRow(*row[:-1]), lambda row: (row.ended_on, row.id), limit)


@as_system()
def get(actor: Actor, public_id: str) -> Enrolment:
    """An ended course of the lead's house with case, offer and programme, held until the transaction ends. NotFound."""
    found = db.session.scalar(
        sa.select(Enrolment)
        .join(Case, Case.id == Enrolment.case_id)
        .where(Enrolment.public_id == public_id, _own(actor))
        .options(
            joinedload(Enrolment.case),
            joinedload(Enrolment.offer).joinedload(Offer.programme),
            joinedload(Enrolment.programme_version),
        )
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


@as_system()
def has_live(course: Enrolment) -> bool:
    """Whether she takes part in the same offer again already."""
    live = sa.exists().where(
        Enrolment.case_id == course.case_id, Enrolment.offer_id == course.offer_id, Enrolment.state.in_(LIVE)
    )
    return bool(db.session.scalar(sa.select(live)))
