"""The in-app inbox, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.deadlines import DeadlineKind
from portal.core.errors import NotFound
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.models.cases import Case
from portal.models.messages import Message
from portal.models.referrals import Referral, TrackRequest
from portal.queries.barriers import is_open_to
from portal.queries.clock import NOW
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import visible_cases, visible_referrals, visible_requests


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message. `reference` and `case_public_id` are the case's where the reader sees the case, else None.

    `referral` is the reference of the referral that it is about, where the reader sent it or answers it.
    """

    public_id: str
    kind: MessageKind
    deadline_kind: DeadlineKind | None
    subject_type: SubjectType
    subject_public_id: str | None
    reference: str | None
    case_public_id: str | None
    referral: str | None
    created_at: datetime
    is_read: bool


def has_arrived(held_until: Any, now: Any = NOW) -> sa.ColumnElement[bool]:
    """Whether a message is there to be read: it is not held back any more (R-782)."""
    return sa.or_(held_until.is_(None), held_until <= now)


def list_mine(
    actor: Actor, *, after: str | None = None, only_unread: bool = False, limit: int = PAGE_SIZE
) -> tuple[list[MessageRow], str | None]:
    """The actor's own messages, the newest first, and the cursor of the next page.

    Raises ValueError for a bad cursor.
    """
    statement = _rows(actor).order_by(Message.id.desc()).limit(limit + 1)
    if only_unread:
        statement = statement.where(Message.read_at.is_(None))
    if after:
        statement = statement.where(Message.id < decode(after, int)[0])
    rows = db.session.execute(statement).all()
    following = encode(rows[limit - 1][0].id) if len(rows) > limit else None
    return [_row(*row) for row in rows[:limit]], following


def get_mine(actor: Actor, public_id: str) -> MessageRow:
    """One of the actor's own messages. Raises NotFound also for somebody else's."""
    row = db.session.execute(_rows(actor).where(Message.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    return _row(*row)


def _rows(actor: Actor) -> sa.Select[Message, str, str, str]:
    return (
        sa.select(
            Message,
            Case.reference,
            Case.public_id,
            sa.func.coalesce(_sent(actor), _received(actor)),
        )
        .select_from(Message)
        .outerjoin(Case, sa.and_(Case.id == Message.case_id, visible_cases(actor)))
        .where(
            Message.recipient_id == actor.user_id,
            has_arrived(Message.held_until),
            is_open_to(actor, Message.case_id, may_be_none=True),
        )
    )


def _sent(actor: Actor) -> sa.ScalarSelect[str]:
    return (
        sa.select(Referral.reference)
        .where(
            Message.subject_type == SubjectType.REFERRAL,
            Referral.public_id == Message.subject_public_id,
            visible_referrals(actor),
        )
        .correlate(Message)
        .scalar_subquery()
    )


def _received(actor: Actor) -> sa.ScalarSelect[str]:
    return (
        sa.select(Referral.reference)
        .join(TrackRequest, TrackRequest.referral_id == Referral.id)
        .where(
            Message.subject_type == SubjectType.REQUEST,
            TrackRequest.public_id == Message.subject_public_id,
            visible_requests(actor),
        )
        .correlate(Message)
        .scalar_subquery()
    )


def _row(message: Message, reference: str | None, case_public_id: str | None, referral: str | None) -> MessageRow:
    return MessageRow(
        public_id=message.public_id,
        kind=message.kind,
        deadline_kind=message.deadline_kind,
        subject_type=message.subject_type,
        subject_public_id=message.subject_public_id,
        reference=reference,
        case_public_id=case_public_id,
        referral=referral,
        created_at=message.created_at,
        is_read=message.read_at is not None,
    )
