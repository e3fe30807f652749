"""Changes to her plan: goals, their steps, and how far they have come."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.measures import CtiArea
from portal.core.plans import GoalState
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.plans import LIVE, check_change
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.models.plans import Goal, GoalChange, GoalStep
from portal.queries.plans import find_on_team, owner_id_of
from portal.services import case_marks, deadlines

FIELDS = ("area", "wish", "sign", "owner_id", "is_hers", "helper", "due_on")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a goal says. `owner`: the public id of somebody on the team; `helper`: somebody else, by role."""

    area: CtiArea
    wish: str
    sign: str
    owner: str | None = None
    is_hers: bool = True
    helper: str | None = None
    due_on: date | None = None


def set_goal(case: Case, wanted: Wanted, *, actor: Actor, now: datetime) -> Goal:
    """Write down a goal of hers; somebody acts for it, and its day stands on the work list (R-620).

    Raises Invalid (nobody acts, not on the team), NotNow (the case is closed).
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    goal = Goal(case_id=case.id, created_at=now, created_by_id=actor.user_id, state=GoalState.OPEN)
    _fill(case, goal, wanted)
    db.session.add(goal)
    db.session.flush()
    _note(goal, None, actor=actor, now=now)
    _plan(case, goal, actor=actor, now=now)
    case_marks.record(Audit.GOAL_SET, case, actor=actor, now=now)
    return goal


def change_goal(
    case: Case, goal: Goal, wanted: Wanted, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Correct what a goal says (R-620). Raises Invalid, NotNow, Stale."""
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_version(version, goal.version)
    before = {name: getattr(goal, name) for name in FIELDS}
    _fill(case, goal, wanted)
    changed = [name for name in FIELDS if getattr(goal, name) != before[name]]
    if not changed:
        return
    _plan(case, goal, actor=actor, now=now)
    case_marks.record(Audit.GOAL_CHANGED, case, actor=actor, now=now, fields=changed)
    db.session.flush()


def move_goal(
    case: Case,
    goal: Goal,
    state: GoalState,
    *,
    actor: Actor,
    now: datetime,
    attainment: int | None = None,
    reason: str | None = None,
    version: int | None = None,
) -> None:
    """Bring a goal to another state, kept as history with day, person and reason (R-621).

    What ends goes off the work list with its steps, and comes back when the goal is taken up again (R-622). Raises
    Invalid (field named), NotNow (the case is closed), Stale.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_version(version, goal.version)
    check_change(goal.state, state, attainment, reason)
    goal.state, goal.attainment = state, attainment
    db.session.flush()
    _note(goal, reason, actor=actor, now=now)
    _plan(case, goal, actor=actor, now=now)
    action = Audit.GOAL_REACHED if state is GoalState.REACHED else Audit.GOAL_MOVED
    case_marks.record(action, case, actor=actor, now=now, fields=["state"])
    db.session.flush()


def add_step(
    case: Case,
    goal: Goal,
    text: str,
    *,
    actor: Actor,
    now: datetime,
    owner: str | None = None,
    due_on: date | None = None,
) -> GoalStep:
    """Add a step to a goal that is worked for; without an owner she takes it herself (R-622).

    Raises Invalid, NotNow (the goal has ended, the case is closed).
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    if goal.state not in LIVE:
        raise NotNow(_("The goal has ended. Take it up again before you add a step."))
    step = GoalStep(goal_id=goal.id, text=_said(text, "text"), owner_id=_owner(case, owner), due_on=due_on)
    db.session.add(step)
    db.session.flush()
    _plan_step(case, goal, step, actor=actor, now=now)
    case_marks.record(Audit.GOAL_STEP_ADDED, case, actor=actor, now=now)
    return step


def finish_step(case: Case, goal: Goal, step: GoalStep, *, actor: Actor, now: datetime) -> None:
    """A step has been taken: it goes off the work list (R-622). Raises NotNow (done before, the case is closed)."""
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    if step.done_on is not None:
        raise NotNow(_("The step is done already."))
    step.done_on = local_date(now)
    deadlines.finish(DeadlineKind.GOAL_STEP, case.public_id, actor=actor, now=now, suffix=step.public_id)
    case_marks.record(Audit.GOAL_STEP_DONE, case, actor=actor, now=now)
    db.session.flush()


def _fill(case: Case, goal: Goal, wanted: Wanted) -> None:
    owner_id, helper = _owner(case, wanted.owner, kept=goal.owner_id), (wanted.helper or "").strip() or None
    if owner_id is None and helper is None and not wanted.is_hers:
        raise Invalid(_("Say who acts for it: she, somebody on the team, or somebody else."), field="owner")
    wish, sign = _said(wanted.wish, "wish"), _said(wanted.sign, "sign")
    goal.area, goal.wish, goal.sign, goal.due_on = wanted.area, wish, sign, wanted.due_on
    goal.owner_id, goal.is_hers, goal.helper = owner_id, wanted.is_hers, helper


def _said(text: str | None, field: str) -> str:
    if not (text or "").strip():
        raise Invalid(_("Fill this in."), field=field)
    return str(text).strip()


def _owner(case: Case, public_id: str | None, kept: int | None = None) -> int | None:
    """The key of somebody on the team, or of whoever has the goal already, also after leaving the team."""
    if not public_id:
        return None
    found = owner_id_of(case, public_id, kept=kept)
    if found is None:
        raise Invalid(_("Choose one of those that are shown."), field="owner")
    return found


def _note(goal: Goal, reason: str | None, *, actor: Actor, now: datetime) -> None:
    text = (reason or "").strip() or None
    change = GoalChange(goal_id=goal.id, state=goal.state, attainment=goal.attainment, at=now, by_id=actor.user_id)
    change.reason = text
    db.session.add(change)
    db.session.flush()


def _plan(case: Case, goal: Goal, *, actor: Actor, now: datetime) -> None:
    """What waits about a goal stands on the list of the one responsible, once, while it is worked for."""
    if goal.state in LIVE and goal.due_on is not None:
        _put_up(DeadlineKind.GOAL, case, goal.public_id, goal.due_on, goal.owner_id, actor=actor, now=now)
    else:
        deadlines.finish(DeadlineKind.GOAL, case.public_id, actor=actor, now=now, suffix=goal.public_id)
    waiting = sa.select(GoalStep).where(GoalStep.goal_id == goal.id, GoalStep.done_on.is_(None)).order_by(GoalStep.id)
    for step in db.session.scalars(waiting).all():
        _plan_step(case, goal, step, actor=actor, now=now)


def _plan_step(case: Case, goal: Goal, step: GoalStep, *, actor: Actor, now: datetime) -> None:
    if goal.state in LIVE and step.due_on is not None:
        owner_id = step.owner_id or goal.owner_id
        _put_up(DeadlineKind.GOAL_STEP, case, step.public_id, step.due_on, owner_id, actor=actor, now=now)
    else:
        deadlines.finish(DeadlineKind.GOAL_STEP, case.public_id, actor=actor, now=now, suffix=step.public_id)


def _put_up(
    kind: DeadlineKind, case: Case, suffix: str, due_on: date, owner_id: int | None, *, actor: Actor, now: datetime
) -> None:
    deadlines.put_up(
        kind,
        SubjectType.CASE,
        case.public_id,
        due_on=due_on,
        organisation_id=case.owner_organisation_id,
        owner_id=find_on_team(case, owner_id) or case_marks.primary_of(case) or actor.user_id,
        case_id=case.id,
        now=now,
        suffix=suffix,
    )
