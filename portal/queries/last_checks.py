"""Whether somebody has looked at her safety lately: a yes or a no, and nothing of what came of it."""

from datetime import date

import sqlalchemy as sa

from portal.core.clock import start_of_local_day
from portal.db import db
from portal.domain.disclosure import FieldGroup, Relation, opens
from portal.models.enrolments import Enrolment
from portal.models.risk import SafetyAssessment, SafetyCheck
from portal.wall import as_system


@as_system()
def has_check(case_id: int, *, since: date) -> bool:
    """Whether her safety has been assessed, or the questions about it answered, on this day or later (R-785)."""
    assessed = sa.exists().where(SafetyAssessment.case_id == case_id, SafetyAssessment.assessed_on >= since)
    asked = sa.exists().where(SafetyCheck.case_id == case_id, SafetyCheck.asked_at >= start_of_local_day(since))
    return bool(db.session.scalar(sa.select(sa.or_(assessed, asked))))


def made_by(course: Enrolment, relation: Relation) -> str | None:
    """Who looked at her safety elsewhere before the course ended early, where the relation opens its state."""
    return course.checked_by if opens(FieldGroup.ENROL_TRACK_STATE, relation) else None
