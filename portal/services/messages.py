"""The in-app inbox: tell somebody once, and hint at it by mail."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import NotFound, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.models.messages import Message
from portal.models.users import Membership, User
from portal.queries.kept_out import is_kept_out
from portal.queries.messages import has_arrived
from portal.services import audit
from portal.services import mail as outbox
from portal.wall import as_system

_held_until: ContextVar[datetime | None] = ContextVar("held_until", default=None)


@contextmanager
def held(until: datetime | None) -> Iterator[None]:
    """Whatever is told inside arrives at that moment, in the inbox and by mail; None: at once (R-782)."""
    before = _held_until.set(until)
    try:
        yield
    finally:
        _held_until.reset(before)


def notify(
    kind: MessageKind,
    recipient_id: int,
    subject_type: SubjectType,
    subject_public_id: str | None,
    *,
    dedupe_key: str,
    actor: Actor,
    now: datetime,
    case_id: int | None = None,
    deadline_kind: DeadlineKind | None = None,
    mail: bool = True,
) -> None:
    """Put a message into somebody's inbox, once per key, and see that a mail hints that there is something (R-190).

    The mail names nothing, so one that still waits does for several messages. Nobody is told of what she has done
    herself, nor of a case that keeps her out, which a mail would hint at (R-374). The key must differ per receiver.
    """
    if recipient_id == actor.user_id:
        return
    with as_system():  # what somebody else is told may not be read by the one who tells
        is_new = (case_id is None or not is_kept_out(case_id, recipient_id)) and _put_in(
            recipient_id=recipient_id,
            kind=kind,
            subject_type=subject_type,
            subject_public_id=subject_public_id,
            case_id=case_id,
            deadline_kind=deadline_kind,
            dedupe_key=dedupe_key,
            created_at=now,
        )
    if is_new and mail:
        _hint(recipient_id, f"news:{dedupe_key}", now=now)


def _put_in(**values: object) -> bool:
    """Put it into the inbox, from where it is held no longer. Whether it was not there."""
    statement = insert(Message).values(public_id=new_public_id(), held_until=_held_until.get(), **values)
    one = statement.on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(Message.id)
    return db.session.scalar(one) is not None


def _hint(recipient_id: int, key: str, *, now: datetime) -> None:
    until = _held_until.get()
    if until is None:
        outbox.queue_news(recipient_id, dedupe_key=key, now=now)
    else:
        # A mail of its own, so that it can be called back with what it hints at.
        outbox.queue("news", recipient_id=recipient_id, dedupe_key=key, now=until)


def call_back(subjects: Collection[str], *, told_at: datetime, now: datetime) -> None:
    """Take back what was told at that moment about these things and is held still, so that nobody ever was (R-782).

    Raises NotNow when one of them has been read, or a mail about it is on its way.
    """
    waiting = sa.and_(
        Message.created_at == told_at, Message.held_until.is_not(None), Message.subject_public_id.in_(subjects)
    )
    with as_system():  # what others would have been told is nobody else's to read
        found = db.session.execute(
            sa.select(Message.id, Message.dedupe_key, Message.read_at).where(waiting).with_for_update()
        ).all()
        keys = [f"news:{row.dedupe_key}" for row in found]
        if any(row.read_at is not None for row in found) or not outbox.call_back(keys, now=now):
            raise NotNow(_("The others have been told already. It can no longer be undone."))
        db.session.execute(
            sa.delete(Message).where(Message.id.in_([row.id for row in found])),
            execution_options={"synchronize_session": False},
        )


def mark_read(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Mark one of one's own messages as read; a second time changes nothing. Raises NotFound for somebody else's."""
    message = db.session.execute(
        sa.select(Message.id, Message.read_at).where(
            Message.public_id == public_id, Message.recipient_id == actor.user_id, has_arrived(Message.held_until)
        )
    ).one_or_none()
    if message is None:
        raise NotFound
    if message.read_at is None:
        _read(Message.id == message.id, actor, now)


def mark_all_read(*, actor: Actor, now: datetime) -> int:
    """Mark everything in one's own inbox as read. Returns how many were not."""
    return _read(sa.true(), actor, now)


def tell_of_failed_mail(recipient_ids: Iterable[int], *, now: datetime) -> None:
    """Tell the leads beside each receiver that a mail to her did not get through, once per receiver and Danish day.

    By message only: mail is what does not work.
    """
    lead, beside = aliased(Membership), aliased(Membership)
    rows = db.session.execute(
        sa.select(User.public_id, lead.user_id)
        .distinct()
        .select_from(User)
        .join(beside, sa.and_(beside.user_id == User.id, beside.ended_at.is_(None)))
        .join(
            lead,
            sa.and_(
                lead.organisation_id == beside.organisation_id,
                lead.role == Role.PROGRAMME_LEAD,
                lead.ended_at.is_(None),
            ),
        )
        .where(User.id.in_(list(recipient_ids)))
    )
    for receiver, lead_id in rows:
        notify(
            MessageKind.MAIL_FAILED,
            lead_id,
            SubjectType.USER,
            receiver,
            actor=SYSTEM,
            now=now,
            mail=False,
            dedupe_key=f"mail_failed:{receiver}:{local_date(now)}:{lead_id}",
        )


def _read(condition: sa.ColumnElement[bool], actor: Actor, now: datetime) -> int:
    read = db.session.scalars(
        sa.update(Message)
        .where(
            Message.recipient_id == actor.user_id, Message.read_at.is_(None), has_arrived(Message.held_until), condition
        )
        .values(read_at=now)
        .returning(Message.public_id)
    ).all()
    for public_id in read:
        audit.record(Audit.MESSAGE_READ, SubjectType.USER, public_id, actor=actor, now=now)
    return len(read)
