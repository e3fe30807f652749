"""The bridge of a case: what has been seen to, who has taken over, and which cases have nobody."""

from dataclasses import dataclass, fields
from datetime import date

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.deadlines import DeadlineKind
from portal.core.standing import StandingKind
from portal.core.states import CaseState, DeadlineState, EnrolmentState
from portal.db import db
from portal.domain.bridge import RECEIVES, STEPS, Crossed, Seen
from portal.models.bridge import LeavingBridge
from portal.models.cases import Case
from portal.models.counselling import HourEntitlement
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.programmes import Offer, Programme
from portal.models.stays import Stay
from portal.models.users import User
from portal.queries.barriers import is_open_to
from portal.queries.paging import PAGE_SIZE, Listed, cut, decode
from portal.queries.standing import stands
from portal.queries.unsaid import is_unsaid
from portal.queries.visibility import LIVE

MOST = 100


@dataclass(frozen=True, slots=True)
class AloneRow:
    """A case from which she leaves or has left, and nobody has taken over: under the reference for leads."""

    reference: str
    leaves_on: date


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who has taken over: the programme in Danish and English, the worker, and whether the course has begun."""

    programme: tuple[str, str]
    worker: str
    state: EnrolmentState


def _discharged() -> sa.ColumnElement[date | None]:
    """When she left the centre; no day while she stays at one again."""
    stays_now = sa.func.bool_or(Stay.discharged_on.is_(None))
    return sa.case((~stays_now, sa.func.max(Stay.discharged_on)))


def _leaves() -> sa.ColumnElement[date | None]:
    discharged = sa.select(_discharged()).where(Stay.case_id == Case.id).correlate(Case)
    return sa.func.coalesce(discharged.scalar_subquery(), Case.planned_move_on)


def find(case_id: int) -> LeavingBridge | None:
    """The row of a case, if somebody has planned or answered anything."""
    return db.session.scalar(sa.select(LeavingBridge).where(LeavingBridge.case_id == case_id))


def version(row: LeavingBridge | None) -> int:
    """The version of the row, 0 where there is none."""
    return row.version if row else 0


def answers(row: LeavingBridge | None) -> Seen:
    """What stands in the row; nothing where there is none."""
    if row is None:
        return Seen()
    return Seen(**{field.name: getattr(row, field.name) for field in fields(Seen)})


def standing_days(case: Case) -> dict[DeadlineKind, date]:
    """The days on which the steps that are not done stand on the list of her worker."""
    rows = db.session.execute(
        sa.select(Deadline.kind, Deadline.due_on).where(
            Deadline.subject_public_id == case.public_id,
            Deadline.kind.in_(STEPS),
            Deadline.state.in_((DeadlineState.OPEN, DeadlineState.RESTS)),
        )
    )
    return {row.kind: row.due_on for row in rows}


def last_discharge(case_id: int) -> tuple[bool, date | None]:
    """Whether she has stayed at a centre in this case, and when she left it; no day while she stays at one again."""
    row = db.session.execute(sa.select(sa.func.count(), _discharged()).where(Stay.case_id == case_id)).one()
    return bool(row[0]), row[1]


def receivers(actor: Actor, case_id: int) -> list[Receiver]:
    """Who works with her in a course that is given or goes on: whoever has it has taken over, before it has begun too.

    That she is reached within seven days is a step of its own (features, idea 3).
    """
    rows = db.session.execute(
        sa.select(Programme.name_da, Programme.name_en, User, Enrolment.state)
        .select_from(Enrolment)
        .join(Offer, Offer.id == Enrolment.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .join(User, User.id == Enrolment.worker_id)
        .where(_received(case_id), ~is_unsaid(actor))
        .order_by(Enrolment.id)
        .limit(MOST)
    )
    return [Receiver((da, en), user.name, state) for da, en, user, state in rows]


def _received(case_id: object) -> sa.ColumnElement[bool]:
    return sa.and_(
        Enrolment.case_id == case_id,
        Enrolment.kind.in_(RECEIVES),
        Enrolment.state.in_(LIVE),
        Enrolment.worker_id.is_not(None),
    )


def crossed(case_id: int, known: Seen, *, reader: Actor | None = None) -> Crossed:
    """What has been seen to, with who has taken over inside the portal or outside; as far as a reader is told."""
    received = _received(case_id) if reader is None else sa.and_(_received(case_id), ~is_unsaid(reader))
    inside = db.session.execute(sa.select(sa.exists().where(received), _has_hours(case_id))).one()
    return Crossed(
        has_receiver=known.receiver is not None or bool(inside[0]),
        has_contact=known.first_contact_on is not None,
        is_address_checked=known.address_checked_on is not None,
        grant=known.grant_answer,
        civil=known.civil_offer,
        has_psychologist=known.psychologist_offer is not None or bool(inside[1]),
    )


def _has_hours(case_id: int) -> sa.ColumnElement[bool]:
    """Whether an hour of hers with a psychologist has been held; the children's are their own."""
    return sa.exists().where(
        HourEntitlement.enrolment_id == Enrolment.id,
        Enrolment.case_id == case_id,
        HourEntitlement.child_id.is_(None),
        HourEntitlement.minutes_used > 0,
    )


def list_alone(actor: Actor, today: date, *, after: str | None = None, limit: int = PAGE_SIZE) -> Listed[AloneRow]:
    """Open cases of the own house whose day has come while nobody has taken over, the oldest first (R-656).

    Raises ValueError for a cursor of another list.
    """
    alone = alone_of_house(actor, today)
    if after:
        alone = alone.where(sa.tuple_(_leaves(), Case.id) > decode(after, date, int))
    rows = db.session.execute(alone.order_by(sa.text("day"), Case.id).limit(limit + 1)).all()
    return cut(rows, lambda row: AloneRow(row.lead_reference, row.day), lambda row: (row.day, row.id), limit)


def alone_of_house(actor: Actor, today: date) -> sa.Select[str, date | None, int]:
    """The same as a statement, to be counted."""
    leaves = _leaves()
    said = sa.exists().where(LeavingBridge.case_id == Case.id, LeavingBridge.received_on.is_not(None))
    return sa.select(Case.lead_reference, leaves.label("day"), Case.id).where(
        Case.owner_organisation_id == actor.organisation_id,
        Case.state == CaseState.OPEN,
        is_open_to(actor, Case.id),
        sa.exists().where(Stay.case_id == Case.id),
        leaves <= today,
        ~said,
        ~stands(Case.id, StandingKind.DIED),
        ~sa.exists().where(_received(Case.id), ~is_unsaid(actor)),
    )
