"""The level of protection of her address: up at once, down by two people and a day later; and before it lapses."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Forbidden, NotNow
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.permissions import can
from portal.domain.reasons import check_reason
from portal.models.access import ProtectionChange
from portal.models.cases import Case
from portal.models.clients import Client
from portal.queries import protection as queries
from portal.services import case_marks, messages, safety_desk

DELAY = timedelta(hours=24)
REMIND_DAYS = (60, 14)


def lapses_on(registered_on: date) -> date:
    """The day an ordinary protection lapses: a year after it was registered (R-383, CPR-loven § 28)."""
    return due_on(ClockKey.PROTECTION_LAPSE, registered_on)


def ask_lower(case: Case, to_level: int, reason: str | None, *, actor: Actor, now: datetime) -> None:
    """Ask for lower protection: the other side, team or safety officer, must agree (R-384). Once while it is open.

    Raises Invalid beside the reason.
    """
    text = check_reason(reason, field="lower_reason")
    if queries.find_open(case.id) is not None:
        return
    db.session.add(
        ProtectionChange(
            public_id=new_public_id(),
            case_id=case.id,
            to_level=to_level,
            reason=text,
            asked_at=now,
            asked_by_id=actor.user_id,
        )
    )
    case_marks.record(Audit.PROTECTION_ASKED, case, actor=actor, now=now, fields=["protection_level"])
    _tell(MessageKind.SECOND_PERSON_NEEDED, case, f"lower:{now.isoformat()}", actor=actor, now=now)
    db.session.flush()


def agree(change: ProtectionChange, *, actor: Actor, now: datetime) -> None:
    """The other side agrees: an officer to what the team asked, the team to what an officer asked (R-384).

    Raises NotNow when it is agreed or closed, Forbidden for the one who asked and for the same side.
    """
    if change.closed_at is not None or change.agreed_at is not None:
        raise NotNow
    if change.asked_by_id == actor.user_id or not can(actor, Permission.SAFETY_VIEW):
        raise Forbidden
    change.agreed_at, change.agreed_by_id = now, actor.user_id
    db.session.flush()


def take_back(change: ProtectionChange, *, actor: Actor, now: datetime) -> None:
    """Drop a lower protection before it is in force. Raises NotNow afterwards."""
    if change.closed_at is not None:
        raise NotNow
    change.closed_at = now
    case_marks.record(
        Audit.PROTECTION_CHANGED,
        db.session.get_one(Case, change.case_id),
        actor=actor,
        now=now,
        fields=["protection_level"],
    )
    db.session.flush()


def carry_out_due(*, now: datetime) -> int:
    """Lower what was agreed on a day ago, by the database's clock (R-384). Returns how many."""
    due = queries.list_due(DELAY)
    for change in due:
        case = db.session.get_one(Case, change.case_id)
        db.session.execute(
            sa.update(Client)
            .where(Client.id == case.client_id, Client.protection_level > change.to_level)
            .values(
                protection_level=change.to_level,
                protection_until=_until(change.to_level, now),
                version=Client.version + 1,
            )
        )
        change.closed_at = now
        case_marks.record(Audit.PROTECTION_CHANGED, case, actor=SYSTEM, now=now, fields=["protection_level"])
        _tell(MessageKind.PROTECTION_CHANGED, case, change.public_id, actor=SYSTEM, now=now)
    db.session.flush()
    return len(due)


def _until(to_level: int, now: datetime) -> Any:
    """Special protection has no end of its own; what it is lowered to lapses after a year."""
    return sa.null() if to_level == 0 else sa.func.coalesce(Client.protection_until, lapses_on(local_date(now)))


def _tell(kind: MessageKind, case: Case, key: str, *, actor: Actor, now: datetime) -> None:
    primary = case_marks.primary_of(case)
    for receiver in sorted({*safety_desk.officers(case.owner_organisation_id), *([primary] if primary else [])}):
        messages.notify(
            kind,
            receiver,
            SubjectType.CASE,
            case.public_id,
            actor=actor,
            now=now,
            case_id=case.id,
            dedupe_key=f"{kind.value}:{key}:{receiver}",
        )


def remind_of_lapse(*, now: datetime) -> int:
    """Tell her caseworker 60 and 14 days before an ordinary protection lapses, and put it on her list (R-383)."""
    today, told = local_date(now), 0
    for case, until in queries.list_lapsing(today, today + timedelta(days=max(REMIND_DAYS))):
        case_marks.put_up(DeadlineKind.PROTECTION_LAPSE, case, due_on=until, actor=SYSTEM, now=now)
        primary = case_marks.primary_of(case)
        days = min((left for left in REMIND_DAYS if until <= today + timedelta(days=left)), default=None)
        if primary is None or days is None:
            continue
        messages.notify(
            MessageKind.PROTECTION_LAPSES,
            primary,
            SubjectType.CASE,
            case.public_id,
            actor=SYSTEM,
            now=now,
            case_id=case.id,
            dedupe_key=f"lapse:{case.public_id}:{until}:{days}:{primary}",
        )
        told += 1
    return told
