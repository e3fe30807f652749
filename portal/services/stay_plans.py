"""Her stay plan in versions, and what is known of the municipality's own plan beside it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.plans import ConfirmedHow, MunicipalPlan, StayPlanState
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.plans import check_link
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.models.plans import Goal, MunicipalPlanLink, StayPlan, StayPlanGoal
from portal.queries import stay_plans as queries
from portal.services import case_marks, deadlines

REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Written:
    """What a stay plan says. `goals`: public ids of goals of the case."""

    wish: str
    offers: str | None = None
    children: str | None = None
    goals: Sequence[str] = ()
    next_review_on: date | None = None


def write(case: Case, written: Written, *, actor: Actor, now: datetime, version: int | None = None) -> StayPlan:
    """Write on the draft of the stay plan; the first time it is a new version, the one agreed stays (R-625).

    `version`: of the draft that the writer saw, 0 for none. Raises Invalid, NotNow (the case is closed), Stale.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    plan = queries.find_draft(case)
    check_version(version, 0 if plan is None else plan.version)
    if not written.wish.strip():
        raise Invalid(_("Fill this in."), field="wish")
    if written.next_review_on is not None and written.next_review_on < local_date(now):
        raise Invalid(_("Choose a day that is still to come."), field="next_review_on")
    goals = queries.goals_by_id(case, written.goals)
    if plan is None:
        plan = StayPlan(case_id=case.id, number=queries.newest_number(case) + 1, state=StayPlanState.DRAFT)
        db.session.add(plan)
    _set(
        plan,
        wish=written.wish.strip(),
        offers=_or_none(written.offers),
        children=_or_none(written.children),
        next_review_on=written.next_review_on,
        written_at=now,
        written_by_id=actor.user_id,
    )
    _choose(plan, goals)
    case_marks.record(Audit.STAY_PLAN_WRITTEN, case, actor=actor, now=now)
    return plan


def agree(
    case: Case, *, how: ConfirmedHow, confirmed_on: date, actor: Actor, now: datetime, version: int | None = None
) -> StayPlan:
    """She has confirmed the draft: it counts, the one before is replaced, and the deadline is met (R-625, R-626).

    From now on nobody changes it. The day of the next review stands on the work list. Raises Invalid (a day ahead),
    NotNow (no draft, the case is closed), Stale.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    plan = queries.find_draft(case)
    if plan is None:
        raise NotNow(_("There is no draft to agree on. Write the plan first."))
    check_version(version, plan.version)
    if confirmed_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="confirmed_on")
    former = queries.find_agreed(case)
    # In the words that the goals have on this day.
    _choose(plan, queries.goals_of(plan))
    if former is not None:
        former.state = StayPlanState.REPLACED
        db.session.flush()
    plan.state, plan.confirmed_how, plan.confirmed_on = StayPlanState.AGREED, how, confirmed_on
    plan.agreed_at = now
    db.session.flush()
    deadlines.finish(DeadlineKind.STAY_PLAN, case.public_id, actor=actor, now=now, on=confirmed_on)
    _plan_review(case, plan.next_review_on, actor=actor, now=now)
    case_marks.record(Audit.STAY_PLAN_AGREED, case, actor=actor, now=now)
    return plan


def _plan_review(case: Case, day: date | None, *, actor: Actor, now: datetime) -> None:
    """The plan is looked at again with her on its day, once; without a day nothing waits."""
    if day is None:
        deadlines.finish(DeadlineKind.STAY_PLAN, case.public_id, actor=actor, now=now, suffix=REVIEW)
        return
    deadlines.put_up(
        DeadlineKind.STAY_PLAN,
        SubjectType.CASE,
        case.public_id,
        due_on=day,
        organisation_id=case.owner_organisation_id,
        owner_id=case_marks.primary_of(case) or actor.user_id,
        case_id=case.id,
        now=now,
        suffix=REVIEW,
    )


def _choose(plan: StayPlan, goals: Sequence[Goal]) -> None:
    """The goals of a draft, in the words that they have now."""
    db.session.execute(sa.delete(StayPlanGoal).where(StayPlanGoal.stay_plan_id == plan.id))
    db.session.add_all(StayPlanGoal(stay_plan_id=plan.id, goal_id=goal.id, wish=goal.wish) for goal in goals)
    db.session.flush()


def _set(row: StayPlan | MunicipalPlanLink, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()


def _or_none(text: str | None) -> str | None:
    return (text or "").strip() or None


@dataclass(frozen=True, slots=True)
class Noted:
    """What is known of the municipality's plan with her."""

    kind: MunicipalPlan
    plan_on: date | None = None
    consent_on: date | None = None
    sent_on: date | None = None
    next_meeting_on: date | None = None


def note_municipal_plan(
    case: Case, noted: Noted, *, actor: Actor, now: datetime, version: int | None = None
) -> MunicipalPlanLink:
    """Note whether the municipality has a plan, and whether hers was sent along: with her consent only (R-627).

    Only a plan that she has confirmed is sent. Raises Invalid (field named), NotNow (the case is closed), Stale.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    link = queries.find_link(case)
    check_version(version, 0 if link is None else link.version)
    check_link(noted.kind, plan_on=noted.plan_on, consent_on=noted.consent_on, sent_on=noted.sent_on)
    for field in ("plan_on", "consent_on", "sent_on"):
        day = getattr(noted, field)
        if day is not None and day > local_date(now):
            raise Invalid(_("The day has not come yet."), field=field)
    if noted.sent_on is not None and not queries.was_confirmed_by(case, noted.sent_on):
        raise Invalid(_("On that day there was no stay plan that she had confirmed."), field="sent_on")
    if link is None:
        link = MunicipalPlanLink(case_id=case.id)
        db.session.add(link)
    _set(link, **asdict(noted), noted_at=now, noted_by_id=actor.user_id)
    case_marks.record(Audit.MUNICIPAL_PLAN_NOTED, case, actor=actor, now=now)
    return link
