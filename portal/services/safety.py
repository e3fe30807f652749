"""How dangerous it is for her at present, judged by a professional."""

from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import DeadlineKind, SafetyLevel
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.workflow import check_step
from portal.models.cases import Case
from portal.models.stays import SafetyAssessment
from portal.services import case_marks


def assess_safety(
    case: Case,
    *,
    level: SafetyLevel,
    assessed_on: date,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    review_on: date | None = None,
) -> SafetyAssessment:
    """Record an assessment; the newest counts. Looked at again after 90 days at the latest (R-115).

    A raised or high level needs a reason. Raises Invalid (field named), NotNow.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    if assessed_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="assessed_on")
    if level is not SafetyLevel.ORDINARY and not reason:
        raise Invalid(_("Write why it is more dangerous than usual, so that colleagues can act on it."), field="reason")
    latest = due_on(ClockKey.RISK_REVIEW, assessed_on)
    review_on = review_on or latest
    if not assessed_on < review_on <= latest:
        raise Invalid(_("Look at it again within 90 days."), field="review_on")
    assessment = SafetyAssessment(
        case_id=case.id,
        level=level,
        assessed_on=assessed_on,
        review_on=review_on,
        reason=reason or None,
        assessed_by_id=actor.user_id,
        created_at=now,
    )
    db.session.add(assessment)
    case_marks.put_up(DeadlineKind.RISK_REVIEW, case, due_on=review_on, actor=actor, now=now)
    case_marks.record(Audit.SAFETY_ASSESSED, case, actor=actor, now=now, fields=["level"])
    db.session.flush()
    return assessment
