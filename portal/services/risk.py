"""How dangerous it is for her at present, judged by a professional, and what has happened since."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import SafetyLevel
from portal.core.risk import AssessmentMoment, ReviewReason, RiskMethod
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.workflow import check_step
from portal.models.cases import Case, TeamMember
from portal.models.risk import SafetyAssessment
from portal.services import case_marks, risk_reviews, task_holds, visits


@dataclass(frozen=True, slots=True)
class Judged:
    """How it was judged: at what point of her way, by which method, and what a tool gave (never its questions)."""

    moment: AssessmentMoment = AssessmentMoment.ON_THE_WAY
    method: RiskMethod = RiskMethod.JUDGEMENT
    is_trained: bool = False
    tool: str | None = None
    result: str | None = None
    children: str | None = None
    is_safe_to_move: bool | None = None
    responsible_id: int | None = None
    # Whether volunteers may come to her again; asked for while their visits are on hold.
    may_visit: bool | None = None

    @property
    def stored(self) -> dict[str, Any]:
        """What of it stands in the assessment."""
        return {
            "moment": self.moment,
            "method": self.method,
            "is_trained": self.is_trained,
            "tool": self.tool or None,
            "result": self.result or None,
            "children": self.children or None,
            "is_safe_to_move": self.is_safe_to_move,
            "responsible_id": self.responsible_id,
        }


def assess_safety(
    case: Case,
    *,
    level: SafetyLevel,
    assessed_on: date,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    review_on: date | None = None,
    judged: Judged | None = None,
) -> SafetyAssessment:
    """Record an assessment; the newest counts, and the earlier ones stay. It lasts 90 days at the most (R-115, R-630).

    A raised or high level needs a reason. Closes what had asked for a new look. Raises Invalid (field named), NotNow.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    judged = judged or Judged()
    review_on = _check_days(assessed_on, review_on, today=local_date(now))
    if level is not SafetyLevel.ORDINARY and not reason:
        raise Invalid(_("Write why it is more dangerous than usual, so that colleagues can act on it."), field="reason")
    _check_judged(case, judged)
    if is_newest := not _is_outrun(case, assessed_on):
        _check_visits(case, judged)
    assessment = SafetyAssessment(
        case_id=case.id,
        level=level,
        assessed_on=assessed_on,
        review_on=review_on,
        reason=reason or None,
        assessed_by_id=actor.user_id,
        created_at=now,
        **judged.stored,
    )
    db.session.add(assessment)
    if is_newest:
        case_marks.put_up(DeadlineKind.RISK_REVIEW, case, due_on=review_on, actor=actor, now=now)
        _settle(case, assessment, judged, actor=actor, now=now)
    case_marks.record(Audit.SAFETY_ASSESSED, case, actor=actor, now=now, fields=["level"])
    db.session.flush()
    return assessment


def _check_days(assessed_on: date, review_on: date | None, *, today: date) -> date:
    if assessed_on > today:
        raise Invalid(_("The day has not come yet."), field="assessed_on")
    latest = due_on(ClockKey.RISK_REVIEW, assessed_on)
    review_on = review_on or latest
    if not assessed_on < review_on <= latest:
        raise Invalid(_("Look at it again within 90 days."), field="review_on")
    return review_on


def _check_judged(case: Case, judged: Judged) -> None:
    """A tool needs what it gave; "safe enough to move" needs somebody of the team who answers for it (R-630)."""
    if judged.method is not RiskMethod.JUDGEMENT and not judged.result:
        raise Invalid(_("Write the total or the level that the tool gave."), field="result")
    if judged.method is RiskMethod.OTHER and not judged.tool:
        raise Invalid(_("Write which tool it is."), field="tool")
    if judged.is_safe_to_move is not None and judged.responsible_id is None:
        raise Invalid(_("Choose who answers for this judgement."), field="who")
    works = sa.select(TeamMember.id).where(
        TeamMember.case_id == case.id, TeamMember.user_id == judged.responsible_id, TeamMember.ended_at.is_(None)
    )
    if judged.responsible_id is not None and db.session.scalar(works.limit(1)) is None:
        raise Invalid(_("Choose somebody who works with her."), field="who")


def _check_visits(case: Case, judged: Judged) -> None:
    if judged.may_visit is None and task_holds.waits_for_review(case.id):
        raise Invalid(_("Say whether volunteers may come to her again. Their visits wait for it."), field="may_visit")


def _is_outrun(case: Case, assessed_on: date) -> bool:
    """Whether a newer assessment is there already: this one was written down late."""
    newer = sa.select(SafetyAssessment.id).where(
        SafetyAssessment.case_id == case.id, SafetyAssessment.assessed_on > assessed_on
    )
    return db.session.scalar(newer.limit(1)) is not None


def _turns_high(assessment: SafetyAssessment) -> bool:
    """Whether it is high by this assessment, and was not before."""
    db.session.flush()
    earlier = sa.select(SafetyAssessment.level).where(
        SafetyAssessment.case_id == assessment.case_id, SafetyAssessment.id != assessment.id
    )
    newest = earlier.order_by(SafetyAssessment.assessed_on.desc(), SafetyAssessment.id.desc()).limit(1)
    return assessment.level is SafetyLevel.HIGH and db.session.scalar(newest) is not SafetyLevel.HIGH


def _settle(case: Case, assessment: SafetyAssessment, judged: Judged, *, actor: Actor, now: datetime) -> None:
    """Close what the assessment answers, and let the visits go on or ask about them again in a week (R-634).

    Where it has become high and nobody has said that they may come, they wait too (R-762).
    """
    is_all_closed = risk_reviews.close(case, assessment.assessed_on, actor=actor, now=now)
    if judged.may_visit is False or (judged.may_visit is None and _turns_high(assessment)):
        risk_reviews.ask(case, ReviewReason.VISITS_WAIT, actor=actor, now=now)
    elif is_all_closed:
        visits.lift_all(case.id, actor=actor, now=now)
