"""New violence that she tells of, and the three questions that are asked in every talk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.risk import ByWhom, PoliceTold, ReviewReason, ViolenceKind
from portal.db import db
from portal.domain.permissions import require
from portal.domain.risk import HIGHEST, LOWEST, Answers, calls_for_review
from portal.models.cases import Case
from portal.models.risk import SafetyCheck, ViolenceReport
from portal.services import case_marks, risk_reviews
from portal.services.case_marks import must_be_open


@dataclass(frozen=True, slots=True)
class Told:
    """What she tells of new violence. What he is to her, and never who he is (R-636)."""

    kinds: Sequence[ViolenceKind]
    by_whom: ByWhom
    # None: now, today.
    happened_on: date | None = None
    police: PoliceTold | None = None
    is_order_breached: bool | None = None
    did_children_see: bool | None = None
    text: str | None = None


def record_violence(case: Case, told: Told, *, actor: Actor, now: datetime) -> ViolenceReport:
    """Record new violence: her safety is looked at by tomorrow, and volunteers' visits wait until then (R-633, R-634).

    Raises Invalid (field named), NotNow in a closed case.
    """
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    if not told.kinds:
        raise Invalid(_("Choose at least one kind."), field="kinds")
    if told.happened_on is not None and told.happened_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="happened_on")
    report = ViolenceReport(
        case_id=case.id,
        happened_on=told.happened_on or local_date(now),
        kinds=sorted({ViolenceKind(kind).value for kind in told.kinds}),
        by_whom=told.by_whom,
        police=told.police,
        is_order_breached=told.is_order_breached,
        did_children_see=told.did_children_see,
        text=told.text or None,
        reported_at=now,
        reported_by_id=actor.user_id,
    )
    db.session.add(report)
    db.session.flush()
    case_marks.record(Audit.VIOLENCE_RECORDED, case, actor=actor, now=now)
    risk_reviews.ask_at_once(case, ReviewReason.NEW_VIOLENCE, about=report.public_id, actor=actor, now=now)
    return report


def keep_answers(case: Case, answers: Answers, *, actor: Actor, now: datetime) -> bool:
    """Keep what she answered to the three questions; nothing where nothing was asked (R-635).

    A yes, 3 or less, or 2 less than the last time: her safety is looked at by tomorrow, and visits wait. Returns
    whether it is. Raises Invalid (field named), NotNow in a closed case.
    """
    if answers.is_empty:
        return False
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    if answers.feels_safe is not None and not LOWEST <= answers.feels_safe <= HIGHEST:
        raise Invalid(_("Choose a number from 1 to 7."), field="feels_safe")
    last = db.session.scalar(
        sa.select(SafetyCheck.feels_safe)
        .where(SafetyCheck.case_id == case.id, SafetyCheck.feels_safe.is_not(None))
        .order_by(SafetyCheck.asked_at.desc(), SafetyCheck.id.desc())
        .limit(1)
    )
    check = SafetyCheck(
        case_id=case.id,
        asked_at=now,
        asked_by_id=actor.user_id,
        new_violence=answers.new_violence,
        unwanted_contact=answers.unwanted_contact,
        feels_safe=answers.feels_safe,
    )
    db.session.add(check)
    db.session.flush()
    case_marks.record(Audit.SAFETY_QUESTIONS_ASKED, case, actor=actor, now=now)
    must_look = calls_for_review(answers, last)
    if must_look:
        risk_reviews.ask_at_once(case, ReviewReason.SAFETY_QUESTIONS, about=check.public_id, actor=actor, now=now)
    return must_look
