"""An ended course goes on: reopened by the lead of its house, as one course with a gap (R-780)."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.courses import ReopenReason
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Conflict, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.states import CaseState, EnrolmentState
from portal.db import db
from portal.domain.enrolments import may_reopen
from portal.domain.permissions import require
from portal.models.enrolments import Enrolment
from portal.queries import ended_courses as queries
from portal.queries import workers
from portal.services import audit, bridge, cases, deadlines, enrolments, followups, messages, workerless
from portal.wall import as_system


@as_system()
def reopen(public_id: str, reason: ReopenReason, *, actor: Actor, now: datetime) -> None:
    """Let an ended course go on with the worker whose it was; where she cannot, somebody is asked for (R-780).

    Raises Forbidden, NotFound, NotNow later than 90 days, for a kind that begins anew or a closed case, Conflict when
    she takes part again already.
    """
    require(actor, Permission.REFERRAL_REOPEN)
    course, today = queries.get(actor, public_id), local_date(now)
    if not may_reopen(course.state, course.kind, course.ended_on, today):
        raise NotNow(_("An ended course goes on within 90 days. After that she begins a new one."))
    if course.case.state is not CaseState.OPEN:
        raise NotNow
    if queries.has_live(course):
        raise Conflict(enrolments.ALREADY)
    ended_on = course.ended_on
    course.state, course.ended_on, course.end_reason = EnrolmentState.ACTIVE, None, None
    course.unchecked_reason = course.checked_by = None
    db.session.flush()
    enrolments.plan_end(course, now=now)
    if course.planned_end_on is not None and course.planned_end_on < today:
        # Nobody was late while it had ended.
        deadlines.move(DeadlineKind.COURSE_END, course.public_id, due_on=today, now=now)
    followups.take_end_back(course, ended_on=ended_on, actor=actor, now=now)
    audit.record_about(Audit.ENROLMENT_REOPENED, course, actor=actor, now=now, reason=reason.value)
    _give_back(course, actor=actor, now=now)
    bridge.note_courses(course.case_id, actor=actor, now=now)
    db.session.flush()


def _give_back(course: Enrolment, *, actor: Actor, now: datetime) -> None:
    """To the worker whose it was, who is told; else those who give courses away are asked for somebody."""
    takers = workers.list_workers(course.organisation_id, course.kind, course.case_id)
    if course.worker_id not in {row.user_id for row in takers}:
        workerless.ask(course, course.case, now=now)
        return
    cases.join_team(course.case_id, course.worker_id, actor=actor, now=now)
    messages.notify(
        MessageKind.ENROLMENT_ASSIGNED,
        course.worker_id,
        SubjectType.ENROLMENT,
        course.public_id,
        dedupe_key=f"reopened:{course.public_id}:{now.isoformat()}",
        actor=actor,
        now=now,
        case_id=course.case_id,
    )
