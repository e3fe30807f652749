"""How a house uses the reasons for a no."""

from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import DeclineReason, SubjectType
from portal.db import db
from portal.domain.declining import LONGEST_COOL_DOWN, cool_down_until
from portal.domain.permissions import require
from portal.models.waiting import DeclineRule
from portal.queries import declining as queries
from portal.services import audit


def rest_after(organisation_id: int, reason: DeclineReason, today: date) -> date | None:
    """Until when the programme is not asked again after this no (R-694). Raises Invalid for a reason not in use."""
    use = queries.find_use(organisation_id, reason)
    if not use.is_active:
        raise Invalid(_("This reason is no longer in use. Choose another."), field="reason")
    return cool_down_until(use.cool_down_days, today)


def change(reason: DeclineReason, *, cool_down_days: int, is_active: bool, actor: Actor, now: datetime) -> None:
    """Say how the own house uses a reason; what was answered before stays as it is. Raises Invalid, Forbidden."""
    require(actor, Permission.REFERRAL_REOPEN)
    if not 0 <= cool_down_days <= LONGEST_COOL_DOWN:
        raise Invalid(_("Write a number of days from 0 to 365."), field="cool_down_days")
    others = [use for use in queries.list_uses(actor.organisation_id) if use.is_active and use.reason is not reason]
    if not is_active and not others:
        raise Invalid(_("At least one reason must be left."), field="is_active")
    values = {"cool_down_days": cool_down_days, "is_active": is_active}
    statement = insert(DeclineRule).values(organisation_id=actor.organisation_id, reason=reason, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["organisation_id", "reason"], set_=values))
    audit.record(Audit.DECLINE_RULE_CHANGED, SubjectType.ORGANISATION, None, actor=actor, now=now, reason=reason.value)
    db.session.flush()
