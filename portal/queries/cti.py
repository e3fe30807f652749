"""Reading a CTI course: the course with its plans, its contacts, and the minutes in each phase."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.errors import NotFound
from portal.core.kinds import ContactMode, ContactResult, MeetingKind
from portal.core.measures import Phase
from portal.core.states import MeetingState
from portal.db import db
from portal.domain.cti import Contact, phase_on
from portal.domain.disclosure import FieldGroup, opens
from portal.models.cases import Note
from portal.models.cti import CtiCourse, PhasePlan
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.queries.slips import is_withdrawn
from portal.queries.visibility import relation_of

# A meeting that was held counts as the contact that it is.
MODES: dict[MeetingKind, ContactMode] = {
    MeetingKind.HOME_VISIT: ContactMode.VISIT_HOME,
    MeetingKind.TALK: ContactMode.VISIT_OTHER,
    MeetingKind.PHONE: ContactMode.PHONE,
    MeetingKind.ACCOMPANIMENT: ContactMode.WITH_CLIENT_TO_SERVICE,
    MeetingKind.ESCORT: ContactMode.WITH_CLIENT_TO_SERVICE,
    MeetingKind.COOPERATION: ContactMode.PROVIDER_MEETING,
    MeetingKind.NETWORK_MEETING: ContactMode.NETWORK_MEETING,
}
MOST = 1000


@dataclass(frozen=True, slots=True)
class TimedContact:
    """A contact that came about, with its length in minutes where it is known."""

    contact: Contact
    minutes: int


@dataclass(frozen=True, slots=True)
class Course:
    """A course as its page shows it. What the late months rest on is a part of the contacts and phases."""

    id: int
    version: int
    phase: Phase
    t0: date | None
    late_basis: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one phase, and what the two of them saw when they looked back on it."""

    phase: Phase
    version: int
    areas: tuple[str, ...]
    plan: str | None
    written_on: date
    review: str | None
    reviewed_on: date | None


def get_course(enrolment: Enrolment, *, for_update: bool = False) -> CtiCourse:
    """The course of an enrolment that the actor has been let in to. Raises NotFound for another kind."""
    query = sa.select(CtiCourse).where(CtiCourse.enrolment_id == enrolment.id).execution_options(populate_existing=True)
    found = db.session.scalar(query.with_for_update() if for_update else query)
    if found is None:
        raise NotFound
    return found


def shown(actor: Actor, course: CtiCourse) -> Course:
    """What the page shows of a course that the actor has been let in to."""
    basis = course.late_basis if _is_open(actor) else None
    return Course(course.id, course.version, course.phase, course.t0, basis)


def list_plans(actor: Actor, course_id: int) -> list[Plan]:
    """The plans of a course, in the order of the phases; what is written in them where that is open."""
    rows = db.session.scalars(sa.select(PhasePlan).where(PhasePlan.course_id == course_id))
    tells = _is_open(actor)
    plans = [
        Plan(
            phase=row.phase,
            version=row.version,
            areas=tuple(row.areas),
            plan=row.plan if tells else None,
            written_on=row.written_on,
            review=row.review if tells else None,
            reviewed_on=row.reviewed_on,
        )
        for row in rows
    ]
    return sorted(plans, key=lambda plan: list(Phase).index(plan.phase))


def _is_open(actor: Actor) -> bool:
    return opens(FieldGroup.CTI_PHASE_CONTACTS, relation_of(actor))


def list_contacts(enrolment_id: int) -> list[TimedContact]:
    """All contacts of a course that came about: logged ones that reached her, and meetings that were held."""
    notes = db.session.execute(
        sa.select(Note.happened_at, Note.mode, Note.minutes)
        .where(Note.enrolment_id == enrolment_id, Note.mode.is_not(None), Note.result == ContactResult.REACHED)
        .where(~is_withdrawn())
        .order_by(Note.happened_at.desc())
        .limit(MOST)
    )
    held = db.session.execute(
        sa.select(Meeting.starts_at, Meeting.kind, Meeting.ends_at)
        .where(Meeting.enrolment_id == enrolment_id, Meeting.state == MeetingState.HELD)
        .order_by(Meeting.starts_at.desc())
        .limit(MOST)
    )
    return [
        TimedContact(Contact(local_date(at), mode), minutes or 0) for at, mode, minutes in notes if mode is not None
    ] + [
        TimedContact(Contact(local_date(start), MODES[kind]), int((end - start).total_seconds() // 60))
        for start, kind, end in held
        if kind in MODES
    ]


def minutes_by_phase(t0: date | None, contacts: Sequence[TimedContact]) -> dict[Phase, int]:
    """Minutes of contact in each phase by the calendar."""
    sums: dict[Phase, int] = defaultdict(int)
    for row in contacts:
        sums[phase_on(t0, row.contact.on)] += row.minutes
    return dict(sums)
