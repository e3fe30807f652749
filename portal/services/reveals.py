"""The one way to something that is shown on demand only (security rules PA-1, AC-6 and 2.4).

A reveal locks the case's access row, asks the policy once more about everything, counts, writes the line, and only
then reads the value, all in the transaction of the caller. The edge commits before a byte leaves: whatever was taken
away first always wins, and what cannot be written down is not shown.
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
from portal.domain.decisions import DAILY_REVEALS, NOWHERE, Person, Sight
from portal.domain.disclosure import FieldGroup
from portal.domain.permissions import require
from portal.domain.reasons import check_reason
from portal.models.access import CaseAccess, RevealAllowance
from portal.queries import reveals as queries
from portal.queries import sight
from portal.services import audit, gates
from portal.wall import as_system

# A number of our own, so that this lock meets no other.
REVEAL_LOCK = 108
MOST_A_DAY = 30
ALLOWED_FOR = timedelta(days=7)


class QuotaUsed(Forbidden):
    """Today's reveals are used up."""

    message = _("You have opened as much as one person may in a day. Call the safety officer if it cannot wait.")


@dataclass(frozen=True, slots=True)
class Secret:
    """One protected value: of which thing, by which name in the trail, of which field group, how it is read.

    `ask` says what the actor is to it now, where that is more than what she is to its case. It is called behind the
    lock and reads everything anew; it may refuse by itself.
    """

    field: str
    subject_type: SubjectType
    subject_public_id: str
    case_id: int | None
    group: FieldGroup
    read: Callable[[], Any]
    ask: Callable[[], Sight] | None = None
    tag: Audit = Audit.ADDRESS_REVEALED


def reveal(secret: Secret, *, reason: str | None, actor: Actor, now: datetime) -> str:
    """Read one protected value, once (R-108, R-600). The caller has got the thing by a query that asks who she is.

    Raises Invalid beside the reason; NotFound when there is no value, or she may not know that there is; Forbidden;
    QuotaUsed.
    """
    text = check_reason(reason)
    _hold_case(secret)
    _check(secret, actor, now)
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


def _hold_case(secret: Secret) -> None:
    """Lock the row that every change of access to the case writes. Nothing of it is read: a volunteer sees no case."""
    if secret.case_id is not None:
        held = sa.select(CaseAccess.case_id).where(CaseAccess.case_id == secret.case_id).with_for_update(read=True)
        with as_system():
            db.session.execute(held)


def _check(secret: Secret, actor: Actor, now: datetime) -> None:
    """Ask the policy. That she has proved who she is was asked at the door of every route that reveals (M10)."""
    person = _person(actor, now)
    gates.check(_sight(secret, actor).opens(secret.group, person))
    # Also what stands open to her anyway is counted when it is asked for this way.
    if person.reveals_left <= 0:
        raise QuotaUsed


def _sight(secret: Secret, actor: Actor) -> Sight:
    if secret.ask is not None:
        return secret.ask()
    return NOWHERE if secret.case_id is None else sight.of_case(actor, secret.case_id)


def _person(actor: Actor, now: datetime) -> Person:
    """Whether she still has her role, and how much she may still open today in all her sessions (M1 and M11)."""
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(REVEAL_LOCK, actor.user_id)))
    is_live, used, allowed = queries.standing(actor, since=start_of_local_day(local_date(now)))
    return Person(is_account_ok=is_live, has_proved=True, reveals_left=(allowed or DAILY_REVEALS) - used)


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
