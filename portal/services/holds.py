"""What must not be erased: set and lifted by the data-protection officer, with a reason (modifier M8)."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.permissions import require
from portal.models.cases import Case
from portal.models.rights import LegalHold
from portal.services import audit


def set_hold(case: Case, reason: str, *, actor: Actor, now: datetime) -> LegalHold:
    """Keep everything of a case until the hold is lifted (R-527). Raises Invalid without a reason, NotNow twice."""
    require(actor, Permission.RIGHTS_RUN)
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    if case.erased_at is not None or is_held(case.id):
        raise NotNow
    hold = LegalHold(case_id=case.id, reason=reason.strip(), set_at=now, set_by_id=actor.user_id)
    db.session.add(hold)
    audit.record(Audit.HOLD_SET, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    db.session.flush()
    return hold


def lift_hold(hold: LegalHold, reason: str, *, actor: Actor, now: datetime) -> None:
    """Let time go on. What came due meanwhile is announced anew before it goes. Raises Invalid, NotNow.

    `hold` has the case loaded.
    """
    require(actor, Permission.RIGHTS_RUN)
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    if hold.lifted_at is not None:
        raise NotNow
    hold.lift_reason, hold.lifted_at, hold.lifted_by_id = reason.strip(), now, actor.user_id
    audit.record(Audit.HOLD_LIFTED, SubjectType.CASE, hold.case.public_id, actor=actor, now=now, case_id=hold.case_id)
    db.session.flush()


def is_held(case_id: int) -> bool:
    """Whether nothing of this case may be erased now (R-527)."""
    statement = sa.select(LegalHold.id).where(LegalHold.case_id == case_id, LegalHold.lifted_at.is_(None))
    return db.session.scalar(statement) is not None
