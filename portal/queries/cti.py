"""Reading a CTI course: the course with its plans, its contacts, and the minutes in each phase."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.core.clock import local_date
from portal.core.errors import NotFound
from portal.core.kinds import ContactMode, ContactResult, MeetingKind
from portal.core.measures import Phase
from portal.core.states import MeetingState
from portal.db import db
from portal.domain.cti import Contact, phase_on
from portal.models.cases import Note
from portal.models.cti import CtiCourse, PhasePlan
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting

# A meeting that was held counts as the contact that it is.
MODES: dict[MeetingKind, ContactMode] = {
    MeetingKind.HOME_VISIT: ContactMode.VISIT_HOME,
    MeetingKind.TALK: ContactMode.VISIT_OTHER,
    MeetingKind.PHONE: ContactMode.PHONE,
    MeetingKind.ACCOMPANIMENT: ContactMode.WITH_CLIENT_TO_SERVICE,
    MeetingKind.COOPERATION: ContactMode.PROVIDER_MEETING,
    MeetingKind.NETWORK_MEETING: ContactMode.NETWORK_MEETING,
}
MOST = 1000


@dataclass(frozen=True, slots=True)
class TimedContact:
    """A contact that came about, with its length in minutes where it is known."""

    contact: Contact
    minutes: int


def get_course(enrolment: Enrolment, *, for_update: bool = False) -> CtiCourse:
    """The course of an enrolment that the actor has been let in to. Raises NotFound for another kind."""
    query = sa.select(CtiCourse).where(CtiCourse.enrolment_id == enrolment.id).execution_options(populate_existing=True)
    found = db.session.scalar(query.with_for_update() if for_update else query)
    if found is None:
        raise NotFound
    return found


def list_plans(course_id: int) -> list[PhasePlan]:
    """The plans of a course, in the order of the phases."""
    plans = db.session.scalars(sa.select(PhasePlan).where(PhasePlan.course_id == course_id))
    return sorted(plans, key=lambda plan: list(Phase).index(plan.phase))


def list_contacts(enrolment_id: int) -> list[TimedContact]:
    """All contacts of a course that came about: logged ones that reached her, and meetings that were held."""
    notes = db.session.execute(
        sa.select(Note.happened_at, Note.mode, Note.minutes)
        .where(Note.enrolment_id == enrolment_id, Note.mode.is_not(None), Note.result == ContactResult.REACHED)
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
