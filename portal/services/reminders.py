"""Reminds people of what is due: in the inbox, and by one mail a day that says only that something waits."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Role
from portal.db import db
from portal.domain.reminders import kind_of
from portal.models.deadlines import Deadline
from portal.models.users import Membership, User
from portal.queries import absences, things
from portal.queries.barriers import knows_of
from portal.queries.reminders import is_to_remind
from portal.services import audit, mail, messages


class NobodyToTell(LookupError):
    """A deadline without owner, at an organisation where neither the queue's role nor a lead is left."""


def remind(deadline_id: int, *, actor: Actor, now: datetime) -> bool:
    """Claim a deadline and tell its owner; without one the role whose queue it is in, else the leads (R-192).

    False when it needs no reminder any more or another worker has it. Claim and messages stand or fall together.
    Raises NobodyToTell when all have left: it is not lost in silence.
    """
    today = local_date(now)
    deadline = db.session.scalar(
        sa.update(Deadline)
        .where(Deadline.id == deadline_id, is_to_remind(today))
        .values(reminded_at=now)
        .returning(Deadline)
    )
    if deadline is None:
        return False
    receivers = _receivers(deadline)
    if not receivers:
        raise NobodyToTell
    for user_id in (*receivers, *_deputies(deadline, receivers)):
        _tell(deadline, user_id, today, actor, now)
    audit.record(
        Audit.REMINDER_SENT,
        deadline.subject_type,
        deadline.subject_public_id,
        actor=actor,
        now=now,
        case_id=deadline.case_id,
    )
    db.session.flush()
    return True


def note_failure(deadline_id: int) -> None:
    """Count a reminder that went wrong; after five it is parked."""
    db.session.execute(
        sa.update(Deadline).where(Deadline.id == deadline_id).values(remind_attempts=Deadline.remind_attempts + 1)
    )


def _tell(deadline: Deadline, user_id: int, today: date, actor: Actor, now: datetime) -> None:
    kind = kind_of(deadline.due_on, today=today)
    messages.notify(
        kind,
        user_id,
        deadline.subject_type,
        deadline.subject_public_id,
        actor=actor,
        now=now,
        case_id=deadline.case_id,
        deadline_kind=deadline.kind,
        mail=False,
        dedupe_key=f"{kind.value}:{deadline.public_id}:{deadline.due_on}:{user_id}",
    )
    # One mail a day, however much waits: the inbox holds the rest.
    mail.queue("reminder_digest", recipient_id=user_id, dedupe_key=f"reminder_digest:{user_id}:{today}", now=now)


def _deputies(deadline: Deadline, receivers: Sequence[int]) -> list[int]:
    """Who stands in for the owner just now is reminded too (R-473)."""
    if deadline.owner_id is None:
        return []
    found = absences.deputies_of(deadline.owner_id, deadline.organisation_id, deadline.case_id)
    return [user_id for user_id in dict.fromkeys(found) if user_id not in receivers]


def _receivers(deadline: Deadline) -> Sequence[int]:
    """The owner while she still works anywhere here, else the queue's role, else the leads; nobody kept out of it."""
    case_id = deadline.case_id or things.find_behind([deadline.subject_public_id])
    about = sa.literal(case_id, sa.BigInteger)
    live = (
        sa.select(Membership.user_id)
        .distinct()
        .join(User, User.id == Membership.user_id)
        .where(Membership.is_live, User.is_active, knows_of(Membership.user_id, about))
    )
    here = live.where(Membership.organisation_id == deadline.organisation_id)
    choices = [
        live.where(Membership.user_id == deadline.owner_id) if deadline.owner_id is not None else None,
        here.where(Membership.role == Role(deadline.queue_role)) if deadline.queue_role else None,
        here.where(Membership.role == Role.PROGRAMME_LEAD),
    ]
    for choice in choices:
        found = [] if choice is None else db.session.scalars(choice.order_by(Membership.user_id)).all()
        if found:
            return found
    return []
