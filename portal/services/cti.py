"""The CTI course: its day zero, its phases, their plans. Every date is counted from T0, never stored (R-310)."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.courses import T0Reason
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.measures import Phase
from portal.core.states import EnrolmentState
from portal.db import db
from portal.domain.cti import NEXT_PHASE, RUNNING, boundaries, may_change_phase, phase_starts_on
from portal.domain.cti_flags import legal_basis_due_on, plan_due_on
from portal.domain.enrolments import LIVE, queue_role, require_own
from portal.domain.permissions import require
from portal.domain.tracks.cti import check_areas, closing_from
from portal.domain.workflow import check_version
from portal.models.cases import Case
from portal.models.cti import CtiCourse, PhasePlan
from portal.models.enrolments import Enrolment
from portal.services import audit, deadlines, followups


def open_course(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Open the course in contact-building, or in phase 1 when she has moved already (R-310)."""
    moved_on = db.session.scalar(sa.select(Case.moved_on).where(Case.id == enrolment.case_id))
    course = CtiCourse(enrolment_id=enrolment.id, phase=Phase.PRE)
    db.session.add(course)
    db.session.flush()
    if moved_on is not None:
        _set_t0(course, enrolment, moved_on, actor=actor, now=now)


def begin(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """The first contact has been made: what the phases ask for goes on the work list."""
    course = _course_of(enrolment)
    _plan(course, enrolment, actor=actor, now=now)
    audit.record_about(Audit.CTI_STARTED, enrolment, actor=actor, now=now)


def note_move(case_id: int, moved_on: date, *, actor: Actor, now: datetime) -> None:
    """She has moved into her own home: that is T0, and everything counts from it (R-310).

    A course whose phase 1 has begun keeps its T0: changing it is a decision with a reason (`change_t0`).
    """
    rows = db.session.execute(
        sa.select(CtiCourse, Enrolment)
        .join(Enrolment, Enrolment.id == CtiCourse.enrolment_id)
        .where(Enrolment.case_id == case_id, Enrolment.state.in_(LIVE))
        .with_for_update(of=CtiCourse)
    )
    for course, enrolment in rows.all():
        if course.phase is Phase.PRE:
            _set_t0(course, enrolment, moved_on, actor=actor, now=now)


def _set_t0(course: CtiCourse, enrolment: Enrolment, t0: date, *, actor: Actor, now: datetime) -> None:
    course.t0 = t0
    if course.phase is Phase.PRE and t0 <= local_date(now):
        course.phase = Phase.P1
    _plan(course, enrolment, actor=actor, now=now)
    audit.record_about(Audit.CTI_PHASE_CHANGED, enrolment, actor=actor, now=now, fields=["t0"])


def change_t0(
    course: CtiCourse,
    enrolment: Enrolment,
    t0: date,
    reason: T0Reason,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Count from another day, with a reason; every date moves along (R-313). Raises Invalid, NotNow, Stale.

    A restart is for a paused course (she was back at a centre): it begins again in contact-building or phase 1.
    """
    _check(enrolment, actor)
    check_version(version, course.version)
    if t0 == course.t0:
        raise Invalid(_("The course counts from that day already."), field="t0")
    if reason is T0Reason.RESTART:
        if enrolment.state is not EnrolmentState.PAUSED:
            raise NotNow(_("Only a paused course is begun anew."))
        course.phase = Phase.P1 if t0 <= local_date(now) else Phase.PRE
    elif t0 > local_date(now) and course.phase is not Phase.PRE:
        raise Invalid(_("Phase 1 has begun: the day cannot lie ahead."), field="t0")
    course.t0 = t0
    _plan(course, enrolment, actor=actor, now=now)
    audit.record_about(Audit.CTI_PHASE_CHANGED, enrolment, actor=actor, now=now, fields=["t0"], reason=reason.value)


def advance_phase(course: CtiCourse, enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Take the course to its next phase: at the earliest seven days before the calendar does (R-063).

    A missing plan or review is a flag, never a hindrance. Her follow-up at the change is planned. Raises NotNow.
    """
    _check(enrolment, actor)
    if enrolment.state is not EnrolmentState.ACTIVE or course.phase not in (Phase.PRE, Phase.P1, Phase.P2):
        raise NotNow
    following = NEXT_PHASE[course.phase]
    if course.t0 is None or not may_change_phase(course.t0, following, local_date(now)):
        raise NotNow(_("The calendar has not come that far: a phase changes at most seven days before its day."))
    deadlines.finish(
        DeadlineKind.CTI_PHASE_CHANGE, enrolment.public_id, actor=actor, now=now, suffix=course.phase.value
    )
    course.phase = following
    _plan(course, enrolment, actor=actor, now=now)
    if following is not Phase.P1:
        on = phase_starts_on(course.t0, following)
        followups.plan_phase_change(enrolment, following, on=on, actor=actor, now=now)
    audit.record_about(Audit.CTI_PHASE_CHANGED, enrolment, actor=actor, now=now, fields=["phase"])


def write_plan(
    course: CtiCourse,
    enrolment: Enrolment,
    phase: Phase,
    areas: Sequence[str],
    plan: str,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> PhasePlan:
    """Write or rewrite the plan of a phase: one to three areas, chosen with her (R-311).

    `version` is 0 for a plan that was not there yet. Raises Invalid, NotNow, Stale.
    """
    _check(enrolment, actor)
    if phase not in RUNNING or RUNNING.index(phase) > RUNNING.index(_next_or_now(course)):
        raise Invalid(_("Plan the phase that runs, or the one that comes next."), field="phase")
    chosen = check_areas(areas)
    found = _plan_of(course, phase)
    check_version(version, found.version if found else 0)
    if found is None:
        found = PhasePlan(course_id=course.id, phase=phase, areas=list(chosen), written_on=local_date(now))
        db.session.add(found)
    found.areas, found.plan = list(chosen), plan.strip() or None
    deadlines.finish(DeadlineKind.CTI_PHASE_PLAN, enrolment.public_id, actor=actor, now=now, suffix=phase.value)
    audit.record_about(Audit.CTI_PLANNED, enrolment, actor=actor, now=now, fields=["areas", "plan"])
    return found


def review_phase(
    course: CtiCourse,
    enrolment: Enrolment,
    phase: Phase,
    review: str,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Write what the two of them saw when they looked back on a phase (R-314). Raises NotNow without a plan, Stale."""
    _check(enrolment, actor)
    plan = _plan_of(course, phase)
    begun = RUNNING[: RUNNING.index(course.phase) + 1] if course.phase in RUNNING else ()
    if plan is None or phase not in begun:
        raise NotNow(_("Write the plan of the phase first: there is nothing to look back on yet."))
    check_version(version, plan.version)
    if not review.strip():
        raise Invalid(_("Write in a few words what you saw together."), field="review")
    plan.review, plan.reviewed_on = review.strip(), local_date(now)
    audit.record_about(Audit.CTI_PLANNED, enrolment, actor=actor, now=now, fields=["review"])


def record_basis(
    course: CtiCourse, enrolment: Enrolment, basis: str, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Record what the months after the sixth rest on: law or funding (R-315). Raises Invalid, NotNow, Stale."""
    _check(enrolment, actor)
    check_version(version, course.version)
    if not basis.strip():
        raise Invalid(_("Write what months 7 to 9 rest on."), field="basis")
    course.late_basis = basis.strip()
    deadlines.finish(DeadlineKind.CTI_LEGAL_BASIS, enrolment.public_id, actor=actor, now=now)
    audit.record_about(Audit.CTI_BASIS_RECORDED, enrolment, actor=actor, now=now)


def complete(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Let the course end: from month eight on, so that nobody is let go early (R-312). Raises NotNow."""
    course = _course_of(enrolment)
    if course.t0 is None or local_date(now) < closing_from(course.t0):
        raise NotNow(_("A CTI course is completed from month eight on. Before that, end it early with a reason."))
    course.phase = Phase.ENDED
    db.session.flush()


def end(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """The course ends early or never began; T0 stays as it was."""
    _course_of(enrolment).phase = Phase.ENDED
    db.session.flush()


def _check(enrolment: Enrolment, actor: Actor) -> None:
    require(actor, Permission.CTI_MANAGE)
    require_own(actor, enrolment.organisation_id)
    if enrolment.state not in LIVE:
        raise NotNow


def _course_of(enrolment: Enrolment) -> CtiCourse:
    return db.session.scalars(sa.select(CtiCourse).where(CtiCourse.enrolment_id == enrolment.id)).one()


def _plan_of(course: CtiCourse, phase: Phase) -> PhasePlan | None:
    return db.session.scalar(sa.select(PhasePlan).where(PhasePlan.course_id == course.id, PhasePlan.phase == phase))


def _next_or_now(course: CtiCourse) -> Phase:
    following = NEXT_PHASE.get(course.phase, Phase.P3)
    return Phase.P3 if following is Phase.ENDED else following


def _plan(course: CtiCourse, enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Put what the calendar asks for on the work list, or move it there (R-310)."""
    db.session.flush()
    for kind in (DeadlineKind.CTI_PHASE_PLAN, DeadlineKind.CTI_PHASE_CHANGE):
        deadlines.call_off(enrolment.public_id, kind=kind, actor=actor, now=now)
    if course.t0 is None or enrolment.state not in LIVE:
        return
    enrolment.planned_end_on = boundaries(course.t0).end
    _put_up(DeadlineKind.COURSE_END, enrolment, enrolment.planned_end_on, now=now)
    if course.late_basis is None:
        _put_up(DeadlineKind.CTI_LEGAL_BASIS, enrolment, legal_basis_due_on(course.t0), now=now)
    if course.phase in RUNNING and _plan_of(course, course.phase) is None:
        due = plan_due_on(course.t0, course.phase)
        _put_up(DeadlineKind.CTI_PHASE_PLAN, enrolment, due, now=now, suffix=course.phase.value)
    if course.phase in (Phase.PRE, Phase.P1, Phase.P2):
        due = phase_starts_on(course.t0, NEXT_PHASE[course.phase])
        _put_up(DeadlineKind.CTI_PHASE_CHANGE, enrolment, due, now=now, suffix=course.phase.value)
    db.session.flush()


def _put_up(kind: DeadlineKind, enrolment: Enrolment, due_on: date, *, now: datetime, suffix: str = "") -> None:
    deadlines.put_up(
        kind,
        SubjectType.ENROLMENT,
        enrolment.public_id,
        due_on=due_on,
        organisation_id=enrolment.organisation_id,
        owner_id=enrolment.worker_id,
        queue_role=None if enrolment.worker_id else queue_role(enrolment.kind),
        case_id=enrolment.case_id,
        now=now,
        suffix=suffix,
    )
