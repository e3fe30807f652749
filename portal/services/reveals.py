"""The one way to something that is shown on demand only (security rules PA-1 and 2.4).

A reveal locks the case's access row, asks once more whether she may, counts, writes the line, and only then reads the
value, all in the transaction of the caller. The edge commits before a byte leaves: a block that was committed first
always wins, and what cannot be written down is not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, start_of_local_day
from portal.core.enums import Permission
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.decisions import DAILY_REVEALS
from portal.domain.permissions import require
from portal.domain.reasons import check_reason
from portal.models.access import CaseAccess, RevealAllowance
from portal.queries import reveals as queries
from portal.queries.barriers import is_open_to
from portal.services import audit

# A number of our own, so that this lock meets no other.
REVEAL_LOCK = 108
MOST_A_DAY = 30
ALLOWED_FOR = timedelta(days=7)


class QuotaUsed(Forbidden):
    """Today's reveals are used up."""

    message = _("You have opened as much as one person may in a day. Call the safety officer if it cannot wait.")


@dataclass(frozen=True, slots=True)
class Secret:
    """One protected value: of which thing, by which name in the trail, how it is read."""

    field: str
    subject_type: SubjectType
    subject_public_id: str
    case_id: int | None
    read: Callable[[], Any]
    tag: Audit = Audit.ADDRESS_REVEALED


def reveal(secret: Secret, *, reason: str | None, actor: Actor, now: datetime) -> str:
    """Read one protected value, once (R-108). The caller has got the thing by a query that asks who she is.

    Raises Invalid beside the reason, NotFound when there is no value or she has been kept out meanwhile, QuotaUsed.
    """
    text = check_reason(reason)
    _hold_case(secret, actor)
    _count(actor, now)
    audit.record(
        secret.tag,
        secret.subject_type,
        secret.subject_public_id,
        actor=actor,
        now=now,
        case_id=secret.case_id,
        fields=[secret.field],
        reason=text,
    )
    db.session.flush()
    value = secret.read()
    if not value:
        raise NotFound
    return str(value)


def _hold_case(secret: Secret, actor: Actor) -> None:
    if secret.case_id is None:
        return
    held = db.session.scalar(
        sa.select(CaseAccess.case_id)
        .where(CaseAccess.case_id == secret.case_id, is_open_to(actor, CaseAccess.case_id))
        .with_for_update(read=True)
    )
    if held is None:
        raise NotFound


def _count(actor: Actor, now: datetime) -> None:
    """Count what this person has opened since midnight, over all her sessions and roles (modifier M11)."""
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(REVEAL_LOCK, actor.user_id)))
    used, allowed = queries.count_today(actor.user_id or 0, since=start_of_local_day(local_date(now)))
    if used >= (allowed or DAILY_REVEALS):
        raise QuotaUsed


def allow_more(user_id: int, a_day: int, *, reason: str | None, actor: Actor, now: datetime) -> None:
    """Let one person open more a day, for a week (modifier M11). Never oneself: Forbidden. Raises Invalid."""
    require(actor, Permission.SAFETY_VIEW)
    if user_id == actor.user_id:
        raise Forbidden
    if not DAILY_REVEALS < a_day <= MOST_A_DAY:
        raise Invalid(
            _("Write a number from %(low)d to %(high)d.", low=DAILY_REVEALS + 1, high=MOST_A_DAY), field="a_day"
        )
    allowance = RevealAllowance(
        public_id=new_public_id(),
        user_id=user_id,
        a_day=a_day,
        until=now + ALLOWED_FOR,
        reason=check_reason(reason),
        given_by_id=actor.user_id,
        given_at=now,
    )
    db.session.add(allowance)
    audit.record(
        Audit.REVEALS_ALLOWED, SubjectType.USER, queries.public_id_of(user_id), actor=actor, now=now, fields=["a_day"]
    )
    db.session.flush()
