"""Her safety plan: a version for each home, gone through with her, and never changed afterwards (R-632)."""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.risk import PlanHome, PlanSection
from portal.db import db
from portal.domain.permissions import require
from portal.domain.risk import written_parts
from portal.models.cases import Case
from portal.models.risk import SafetyPlan
from portal.services import case_marks, deadlines
from portal.services.case_marks import must_be_open


def write_plan(
    case: Case,
    *,
    home: PlanHome,
    sections: Mapping[PlanSection, str | None],
    has_code_word: bool,
    confirmed_on: date | None,
    actor: Actor,
    now: datetime,
) -> SafetyPlan:
    """Write the next version of her safety plan; the earlier ones stay as they are (R-632).

    Raises Invalid for an empty plan or a day that has not come, NotNow in a closed case.
    """
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    written = written_parts(sections)
    if confirmed_on is not None and confirmed_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="confirmed_on")
    newest = db.session.scalar(sa.select(sa.func.max(SafetyPlan.number)).where(SafetyPlan.case_id == case.id))
    plan = SafetyPlan(
        case_id=case.id,
        number=(newest or 0) + 1,
        home=home,
        sections=written,
        has_code_word=has_code_word,
        confirmed_on=confirmed_on,
        written_at=now,
        written_by_id=actor.user_id,
    )
    db.session.add(plan)
    db.session.flush()
    deadlines.finish(DeadlineKind.SAFETY_PLAN, case.public_id, actor=actor, now=now)
    case_marks.record(Audit.SAFETY_PLAN_WRITTEN, case, actor=actor, now=now)
    return plan
