"""Whose course it is: who may give it away, who can take it, and what goes along with it."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.safety import PlacementPath
from portal.core.states import EnrolmentState
from portal.db import db
from portal.domain import workflow
from portal.domain.enrolments import LAST_STEPS, TEAM_KINDS, WORKFLOW, Action, require_own, steps_for
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.queries import workers as queries
from portal.queries.consents import is_taken_back
from portal.services import audit, bridge, cases, deadlines, followups, messages, placements

# What the work lists ask until a course is somebody's.
ANSWERED_BY_A_WORKER = (
    DeadlineKind.WORKER_WANTED,
    DeadlineKind.COURSE_LEFT,
    DeadlineKind.COURSE_OFFERED,
    DeadlineKind.COURSE_UNANSWERED,
)


def steps_of(enrolment: Enrolment, actor: Actor) -> dict[Action, workflow.Step[EnrolmentState]]:
    """What may be done with the course: by its own house all, and by the owner of the case nothing but to end one
    whose house knows of her no more, because she has taken her consent back (R-840). Raises Forbidden.
    """
    if enrolment.organisation_id != actor.organisation_id and _is_left_to(enrolment, actor):
        return {action: WORKFLOW[action] for action in LAST_STEPS}
    require_own(actor, enrolment.organisation_id)
    return steps_for(enrolment.kind)


def _is_left_to(enrolment: Enrolment, actor: Actor) -> bool:
    owner = db.session.scalar(sa.select(Case.owner_organisation_id).where(Case.id == enrolment.case_id))
    is_owner = enrolment.kind in TEAM_KINDS and owner == actor.organisation_id
    return is_owner and is_taken_back(enrolment.case_id, enrolment.organisation_id)


def check_step(action: Action, enrolment: Enrolment, actor: Actor) -> workflow.Step[EnrolmentState]:
    """The step to take. Who before when: a colleague elsewhere never learns more than that it is not hers (R-002).

    Raises Forbidden, NotNow.
    """
    steps = steps_of(enrolment, actor)
    if action not in steps:
        raise Forbidden
    return workflow.check_step(steps, action, enrolment.state, actor)


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
