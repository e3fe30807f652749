"""Alarms: stored once, told in the inbox with a hint by mail that names nothing, answered by those who are told."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import SYSTEM, Actor
from portal.core.alerts import AlertRule, Answer
from portal.core.audit_tags import Audit
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.models.alerts import Alert
from portal.queries import reviews as queries
from portal.queries.reviewers import list_receivers
from portal.services import audit
from portal.services.messages import notify
from portal.wall import as_system

SHORTEST_REMARK = 15


@as_system()
def raise_now(
    rule: AlertRule,
    *,
    organisation_id: int | None,
    key: str,
    now: datetime,
    about_user_id: int | None = None,
    case_id: int | None = None,
    window_from: datetime | None = None,
    window_to: datetime | None = None,
) -> bool:
    """Raise an alarm, once for each key, and tell whoever the rule names (R-490). The caller commits.

    `organisation_id` is whose officers are told; None tells those of all organisations, for the portal as a whole.
    Whoever is kept out of the case is told nothing: others stand in. Returns False when the same alarm has been raised
    before.
    """
    public_id = db.session.scalar(
        insert(Alert)
        .values(
            public_id=new_public_id(),
            rule=rule,
            organisation_id=organisation_id,
            about_user_id=about_user_id,
            case_id=case_id,
            key=f"{rule.value}:{key}",
            window_from=window_from,
            window_to=window_to,
            raised_at=now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Alert.public_id)
    )
    if public_id is None:
        return False
    audit.record(Audit.ALERT_RAISED, SubjectType.ALERT, public_id, actor=SYSTEM, now=now, rule=rule.value)
    for user_id in list_receivers(rule, organisation_id, case_id):
        _tell(user_id, public_id, case_id, now)
    return True


def _tell(user_id: int, alert: str, case_id: int | None, now: datetime) -> None:
    notify(
        MessageKind.SAFETY_ALERT,
        user_id,
        SubjectType.ALERT,
        alert,
        actor=SYSTEM,
        now=now,
        case_id=case_id,
        dedupe_key=f"alert:{alert}:{user_id}",
    )


def answer_alert(public_id: str, answer: Answer, remark: str, *, actor: Actor, now: datetime) -> None:
    """Say what came of an alarm. Nobody answers for herself (R-490).

    Raises NotFound for an alarm that one is not told of, Forbidden for one about oneself, NotNow when it has been
    answered, Invalid without a remark.
    """
    queries.get_alert(actor, public_id)
    alert = db.session.scalars(sa.select(Alert).where(Alert.public_id == public_id).with_for_update()).one()
    if alert.about_user_id == actor.user_id:
        raise Forbidden(_("This alarm is about yourself. A colleague must answer it."))
    if alert.answered_at is not None:
        raise NotNow
    alert.answer, alert.remark = answer, check_remark(remark)
    alert.answered_at, alert.answered_by_id = now, actor.user_id
    audit.record(
        Audit.ALERT_ANSWERED,
        SubjectType.ALERT,
        public_id,
        actor=actor,
        now=now,
        case_id=alert.case_id,
        reason_category=answer.value,
    )
    db.session.flush()


def check_remark(remark: str) -> str:
    """A remark of at least 15 characters, so that it can be understood later. Raises Invalid."""
    text = remark.strip()
    if len(text) < SHORTEST_REMARK:
        raise Invalid(_("Write what you found, in at least %(num)d characters.", num=SHORTEST_REMARK), field="remark")
    return text
