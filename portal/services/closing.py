"""The end of a case, and its return when she comes back."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import NotFound, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.alerts import is_long_closed
from portal.domain.cases import KEPT_AFTER_CLOSING, WORKFLOW, CaseAction, Unfinished
from portal.domain.reasons import check_reason
from portal.domain.workflow import check_step
from portal.models.cases import Case, TeamMember
from portal.services import alert_rules, audit, bridge, case_marks, deadlines, messages, transfers
from portal.services.team import join_team


def close_case(case: Case, unfinished: Unfinished, *, actor: Actor, now: datetime) -> None:
    """Close a case when nothing in it is open any more (R-103). Follow-ups after the end stay due (R-104).

    Raises NotNow while something is open, or when it is closed already.
    """
    step = check_step(WORKFLOW, CaseAction.CLOSE, case.state, actor)
    if not unfinished.is_empty:
        raise NotNow(_("Something in the case is still open. End it first; the page lists what it is."))
    transfers.lapse(case, actor=actor, now=now)
    case.state, case.closed_at = step.target, now
    deadlines.call_off_case(case.id, keep=KEPT_AFTER_CLOSING, actor=actor, now=now)
    case_marks.record(step.audit, case, actor=actor, now=now)
    db.session.flush()


def reopen_case(case: Case, reason: str, *, actor: Actor, now: datetime) -> None:
    """Open a closed case again, with a reason that stands in the trail (R-616). Its file goes on where it ended.

    What the closing took off the work list comes back, the question of how she may be reached first: nothing that was
    agreed before counts as asked today. The rest of the team is told; after more than thirty days the safety officer
    is too (R-496). Courses and grants stay ended. Raises Invalid by the reason, NotNow when it is open.
    """
    lock(case)
    check_step(WORKFLOW, CaseAction.REOPEN, case.state, actor)
    take_up_again(case, check_reason(reason), actor=actor, now=now)


def take_up_again(case: Case, text: str, *, actor: Actor, now: datetime) -> None:
    """The same for whoever may do so: it has been asked, and the case is held and closed."""
    step = WORKFLOW[CaseAction.REOPEN]
    closed_at, case.state, case.closed_at = case.closed_at, step.target, None
    db.session.flush()
    if closed_at is not None:
        _back_on_the_list(case, closed_at, actor=actor, now=now)
    audit.record(
        step.audit,
        SubjectType.CASE,
        case.public_id,
        actor=actor,
        now=now,
        case_id=case.id,
        fields=["state"],
        reason=text,
    )
    if is_long_closed(closed_at, now):
        alert_rules.reopened(case.id, actor=actor, now=now)
    _tell_team(case, actor=actor, now=now)
    db.session.flush()


def lock(case: Case) -> None:
    """Two who press at once come one after the other. Raises NotFound for a case that has been erased meanwhile."""
    db.session.refresh(case, ["state", "closed_at", "erased_at", "version"], with_for_update=True)
    if case.erased_at is not None:
        raise NotFound


def _back_on_the_list(case: Case, closed_at: datetime, *, actor: Actor, now: datetime) -> None:
    primary = case_marks.primary_of(case)
    if primary is None and actor.user_id is not None:
        join_team(case.id, actor.user_id, actor=actor, now=now, is_primary=True)
    today = local_date(now)
    deadlines.bring_back_case(case.id, called_off_at=closed_at, owner_id=primary or actor.user_id, today=today)
    case_marks.put_up(DeadlineKind.SAFE_CONTACT_CHECK, case, due_on=today, actor=actor, now=now)
    bridge.note_plan(case, actor=actor, now=now)


def _tell_team(case: Case, *, actor: Actor, now: datetime) -> None:
    on_team = sa.select(TeamMember.user_id).where(TeamMember.case_id == case.id, TeamMember.ended_at.is_(None))
    for user_id in db.session.scalars(on_team.order_by(TeamMember.user_id)).all():
        messages.notify(
            MessageKind.CASE_REOPENED,
            user_id,
            SubjectType.CASE,
            case.public_id,
            actor=actor,
            now=now,
            case_id=case.id,
            dedupe_key=f"reopened:{case.public_id}:{now.isoformat()}:{user_id}",
        )
