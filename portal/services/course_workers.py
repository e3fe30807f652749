"""Whose course it is: who may give it away, who can take it, and what goes along with it."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.safety import PlacementPath
from portal.core.states import EnrolmentState
from portal.db import db
from portal.domain import workflow
from portal.domain.enrolments import TEAM_KINDS, Action, require_own, steps_for
from portal.models.enrolments import Enrolment
from portal.queries import workers as queries
from portal.services import audit, bridge, cases, deadlines, followups, messages, placements

# What the work lists ask until a course is somebody's.
ANSWERED_BY_A_WORKER = (
    DeadlineKind.WORKER_WANTED,
    DeadlineKind.COURSE_LEFT,
    DeadlineKind.COURSE_OFFERED,
    DeadlineKind.COURSE_UNANSWERED,
)


def check_step(action: Action, enrolment: Enrolment, actor: Actor) -> workflow.Step[EnrolmentState]:
    """The step to take. Who before when: a colleague elsewhere never learns more than that it is not hers (R-002).

    Raises Forbidden, NotNow.
    """
    require_own(actor, enrolment.organisation_id)
    return workflow.check_step(steps_for(enrolment.kind), action, enrolment.state, actor)


def check_taker(
    enrolment: Enrolment, worker_id: int, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Raise Invalid unless the course can go to that colleague, as who may give it away. Forbidden, NotNow, Stale."""
    check_step(Action.ASSIGN, enrolment, actor)
    workflow.check_version(version, enrolment.version)
    takers = queries.list_workers(enrolment.organisation_id, enrolment.kind, enrolment.case_id)
    if worker_id not in {row.user_id for row in takers}:
        raise Invalid(_("Choose somebody who works with this."), field="worker")
    whom = next(row.public_id for row in takers if row.user_id == worker_id)
    placements.check(PlacementPath.WORKER, enrolment.public_id, whom, now=now)


def hand_to(enrolment: Enrolment, worker_id: int, *, actor: Actor, now: datetime) -> None:
    """Give the course, and what is due in it, to somebody who can take it. The caller has asked whether (R-306)."""
    enrolment.worker_id = worker_id
    db.session.flush()
    db.session.refresh(enrolment, ["worker"])
    join(enrolment, actor=actor, now=now)
    for kind in ANSWERED_BY_A_WORKER:
        deadlines.finish(kind, enrolment.public_id, actor=actor, now=now)
    deadlines.hand_over(enrolment.public_id, owner_id=worker_id)
    followups.hand_over(enrolment, owner_id=worker_id)
    bridge.note_courses(enrolment.case_id, actor=actor, now=now)
    audit.record_about(Audit.ENROLMENT_ASSIGNED, enrolment, actor=actor, now=now, fields=["worker_id"])
    db.session.flush()


def join(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Put the worker, where there is one, on the team of the case, and tell her that the course is hers."""
    if enrolment.worker_id is None:
        return
    if enrolment.kind in TEAM_KINDS:
        cases.join_team(enrolment.case_id, enrolment.worker_id, actor=actor, now=now)
    if enrolment.worker_id != actor.user_id:
        messages.notify(
            MessageKind.ENROLMENT_ASSIGNED,
            enrolment.worker_id,
            SubjectType.ENROLMENT,
            enrolment.public_id,
            dedupe_key=f"assigned:{enrolment.public_id}:{enrolment.worker_id}",
            actor=actor,
            now=now,
            case_id=enrolment.case_id,
        )
