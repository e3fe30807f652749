"""The courses of a case, as the lines that its page shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.kinds import EndReason, TrackKind
from portal.core.measures import Phase
from portal.core.states import EnrolmentState
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.models.cti import CtiCourse, PhasePlan
from portal.models.enrolments import Enrolment
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme
from portal.models.users import User
from portal.queries.visibility import LIVE, readable_enrolments


@dataclass(frozen=True, slots=True)
class Focus:
    """What is worked with in a phase of a CTI course, and when its plan was written."""

    areas: tuple[str, ...]
    written_on: date


@dataclass(frozen=True, slots=True)
class Course:
    """One enrolment of hers, as a line."""

    public_id: str
    name_da: str
    name_en: str
    kind: TrackKind
    state: EnrolmentState
    provider: str
    worker: str | None
    started_on: date | None
    planned_end_on: date | None
    created_at: datetime
    t0: date | None
    phase: Phase | None
    # Of the phase that runs; none while it has no plan.
    focus: Focus | None
    ended_on: date | None


def list_courses(actor: Actor, case_id: int, seen: Lens) -> list[Course]:
    """The courses of a case that the reader sees, live ones first, in one statement; none through a closed lens."""
    worker = aliased(User)
    statement = (
        sa.select(
            Enrolment.public_id,
            Programme.name_da,
            Programme.name_en,
            Enrolment.kind,
            Enrolment.state,
            Organisation.name.label("provider"),
            worker.name.label("worker"),
            Enrolment.started_on,
            Enrolment.planned_end_on,
            Enrolment.created_at,
            CtiCourse.t0,
            CtiCourse.phase,
            PhasePlan.areas,
            PhasePlan.written_on,
            Enrolment.ended_on,
        )
        .join(Offer, Offer.id == Enrolment.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .join(Organisation, Organisation.id == Enrolment.organisation_id)
        .outerjoin(worker, worker.id == Enrolment.worker_id)
        .outerjoin(CtiCourse, CtiCourse.enrolment_id == Enrolment.id)
        .outerjoin(PhasePlan, sa.and_(PhasePlan.course_id == CtiCourse.id, PhasePlan.phase == CtiCourse.phase))
        .where(Enrolment.case_id == case_id, readable_enrolments(actor), ~_was_a_slip(actor))
        .order_by(Enrolment.state.in_(LIVE).desc(), Enrolment.id.desc())
        .limit(50)
    )
    if not seen.shows(FieldGroup.ENROL_TRACK_STATE):
        statement = statement.where(sa.false())
    if not seen.sees_all_tracks:
        own = Enrolment.organisation_id == actor.organisation_id
        statement = statement.where(sa.or_(own, Enrolment.kind == TrackKind.COORDINATING_COUNSELLING))
    return [_course(dict(row._mapping)) for row in db.session.execute(statement)]


def _was_a_slip(actor: Actor) -> sa.ColumnElement[bool]:
    """A place that another house gave by a slip and took back: nobody else was told of it (R-850)."""
    own = Enrolment.organisation_id.is_not_distinct_from(actor.organisation_id)
    return sa.and_(~own, Enrolment.end_reason.is_not_distinct_from(EndReason.UNDONE))


def _course(found: dict[str, Any]) -> Course:
    areas, written_on = found.pop("areas"), found.pop("written_on")
    return Course(**found, focus=Focus(tuple(areas), written_on) if areas else None)
