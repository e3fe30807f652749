"""The outbox: mail is a row, written in the same transaction as the change it tells of (R-190)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import SystemRandom

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.enums import Language
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.outbox import HARD_STOP, LEASE, POLICIES, RECONCILE_AFTER, UNTRIED, back_off
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.outbox import MailState, OutgoingMail
from portal.models.users import Membership, User
from portal.queries.messages import has_arrived
from portal.services import audit
from portal.vault import Unreadable

_random = SystemRandom()


@dataclass(frozen=True, slots=True)
class Lease:
    """A mail that is ours to send until the lease ends. The address lives only here, never in the row."""

    mail_id: int
    attempt_id: str
    template: str
    recipient_id: int
    to: str
    language: str


@dataclass(frozen=True, slots=True)
class _Receiver:
    """The person behind a mail, at the moment of sending."""

    email: str
    language: Language
    is_active: bool
    has_place: bool
    has_unread: bool


@dataclass(frozen=True, slots=True)
class Swept:
    """What time has decided: how many are unknown, sent again, expired, and whose mail a person must look at."""

    unknown: int
    resent: int
    expired: int
    given_up: tuple[int, ...]


def queue(template: str, *, recipient_id: int, dedupe_key: str, now: datetime) -> None:
    """Put a mail into the outbox, once per key. Raises KeyError for a mail without a policy."""
    policy = POLICIES[template]
    db.session.execute(
        insert(OutgoingMail)
        .values(
            public_id=new_public_id(),
            recipient_id=recipient_id,
            template=template,
            dedupe_key=dedupe_key,
            state=MailState.PENDING,
            may_resend=policy.may_resend,
            created_at=now,
            next_try_at=now,
            attempts=0,
            resends=0,
        )
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
    )


def queue_news(recipient_id: int, *, dedupe_key: str, now: datetime) -> None:
    """Put "there is something new" into the outbox, unless one to the same person is still waiting there.

    The waiting one is held until our transaction ends, so that it cannot leave before the news is there to be read;
    one that a worker holds does not count.
    """
    waiting = db.session.scalar(
        sa.select(OutgoingMail.id)
        .where(
            OutgoingMail.recipient_id == recipient_id,
            OutgoingMail.template == "news",
            OutgoingMail.state == MailState.PENDING,
            OutgoingMail.attempts == 0,
            # One that is held back may never leave: it does for nothing but its own news.
            OutgoingMail.next_try_at <= now,
        )
        .limit(1)
        .with_for_update(read=True, skip_locked=True)
    )
    if waiting is None:
        queue("news", recipient_id=recipient_id, dedupe_key=dedupe_key, now=now)


def call_back(dedupe_keys: Sequence[str], *, now: datetime) -> bool:
    """Cancel mails that are still held (R-782). False, and none is cancelled, when one has been begun to be sent."""
    rows = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.dedupe_key.in_(dedupe_keys)).with_for_update())
    held = [mail for mail in rows if mail.state is not MailState.CANCELLED]
    if any(mail.state is not MailState.PENDING or mail.attempts for mail in held):
        return False
    for mail in held:
        _close(mail, MailState.CANCELLED, "undone", Audit.MAIL_CANCELLED, now)
    return True


def claim(now: datetime) -> Lease | None:
    """Lease the mail that has waited longest, or None when none is due. Several workers never get the same.

    Whoever left or has read everything gets none: her mail is cancelled on the way. The caller commits the lease
    before the mail is sent.
    """
    while (mail := _next_due(now)) is not None:
        try:
            receiver = _receiver(mail, now)
        except Unreadable:
            # One account that cannot be read must not hold up everybody behind it.
            _close(mail, MailState.NEEDS_HUMAN, "address_unreadable", Audit.MAIL_GIVEN_UP, now)
            continue
        obstacle = _obstacle(mail, receiver)
        if obstacle is None:
            return _lease(mail, receiver, now)
        _close(mail, MailState.CANCELLED, obstacle, Audit.MAIL_CANCELLED, now)
    return None


def mark_accepted(lease: Lease, message_id: str, *, now: datetime) -> bool:
    """Write down that the provider took the mail on. False when the row is no longer about this attempt."""
    public_id = _settle(
        lease, state=MailState.ACCEPTED, accepted_at=now, provider_id=message_id or None, failure=None, lease_until=None
    )
    if public_id is not None:
        _record(Audit.MAIL_ACCEPTED, public_id, now)
    return public_id is not None


def mark_temporary(lease: Lease, reason: str, *, now: datetime, retry_after: timedelta | None = None) -> bool:
    """Let the mail wait: as long as the provider asks, else longer with each attempt."""
    attempts = db.session.scalar(sa.select(OutgoingMail.attempts).where(OutgoingMail.id == lease.mail_id)) or 1
    wait = back_off(attempts, chance=_random.random()) if retry_after is None else retry_after
    return _settle(lease, state=MailState.PENDING, next_try_at=now + wait, failure=reason, lease_until=None) is not None


def mark_unknown(lease: Lease, reason: str, *, now: datetime) -> bool:
    """Write down that nobody knows whether the mail arrived. It is decided about later, never simply sent again."""
    return (
        _settle(lease, state=MailState.UNKNOWN, next_try_at=now + RECONCILE_AFTER, failure=reason, lease_until=None)
        is not None
    )


def mark_permanent(lease: Lease, reason: str, *, now: datetime) -> bool:
    """Write down that the provider refuses the mail: a person must look at it."""
    public_id = _settle(lease, state=MailState.NEEDS_HUMAN, failure=reason, lease_until=None)
    if public_id is not None:
        _record(Audit.MAIL_GIVEN_UP, public_id, now)
    return public_id is not None


def sweep(now: datetime) -> Swept:
    """Decide what time decides: ended leases, unanswered attempts, four hours without success, untried hints.

    An unanswered attempt is repeated once when the mail's policy allows it; everything else goes to a person.
    """
    is_waiting = OutgoingMail.state == MailState.PENDING
    is_unanswered = sa.and_(OutgoingMail.state == MailState.UNKNOWN, OutgoingMail.next_try_at <= now)
    is_too_old = OutgoingMail.first_tried_at <= now - HARD_STOP
    unknown = _move(
        sa.and_(OutgoingMail.state == MailState.LEASED, OutgoingMail.lease_until <= now),
        state=MailState.UNKNOWN,
        next_try_at=now + RECONCILE_AFTER,
        failure="lease_ended",
        lease_until=None,
    )
    resent = _move(
        sa.and_(is_unanswered, OutgoingMail.may_resend, OutgoingMail.resends == 0, sa.not_(is_too_old)),
        state=MailState.PENDING,
        next_try_at=now,
        resends=1,
    )
    given_up = _move(
        sa.or_(is_unanswered, sa.and_(is_waiting, is_too_old)),
        state=MailState.NEEDS_HUMAN,
    )
    expired = _move(
        sa.and_(is_waiting, OutgoingMail.first_tried_at.is_(None), OutgoingMail.created_at <= now - UNTRIED),
        state=MailState.EXPIRED,
        failure="nobody_sent_it",
    )
    for public_id, _ in given_up:
        _record(Audit.MAIL_GIVEN_UP, public_id, now)
    return Swept(len(unknown), len(resent), len(expired), tuple(recipient for _, recipient in given_up))


def cancel_untried(before: datetime) -> int:
    """Call off hints from before that moment which nobody has tried to send, such as those of a story told afterwards.

    The messages stay in the inboxes. Returns how many mails were called off.
    """
    condition = sa.and_(
        OutgoingMail.state == MailState.PENDING, OutgoingMail.attempts == 0, OutgoingMail.created_at < before
    )
    return len(_move(condition, state=MailState.CANCELLED, failure="told_afterwards"))


def _next_due(now: datetime) -> OutgoingMail | None:
    return db.session.scalar(
        sa.select(OutgoingMail)
        .where(OutgoingMail.state == MailState.PENDING, OutgoingMail.next_try_at <= now)
        .order_by(OutgoingMail.next_try_at, OutgoingMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        # Another worker's answer may have changed the row since this session saw it.
        .execution_options(populate_existing=True)
    )


def _receiver(mail: OutgoingMail, now: datetime) -> _Receiver:
    """Who gets it, as she is now. Raises Unreadable when her address cannot be opened."""
    has_place = sa.exists().where(
        Membership.user_id == User.id,
        Membership.ended_at.is_(None),
        Organisation.id == Membership.organisation_id,
        Organisation.is_active,
    )
    has_unread = sa.exists().where(
        Message.recipient_id == User.id, Message.read_at.is_(None), has_arrived(Message.held_until, now)
    )
    statement = sa.select(User.email, User.language, User.is_active, has_place, has_unread)
    return _Receiver(*db.session.execute(statement.where(User.id == mail.recipient_id)).one())


def _obstacle(mail: OutgoingMail, receiver: _Receiver) -> str | None:
    """Why this mail is not to be sent any more, as a short code; None when it is."""
    if not receiver.is_active:
        return "account_closed"
    if not receiver.has_place:
        return "no_membership"
    return "nothing_unread" if POLICIES[mail.template].is_hint and not receiver.has_unread else None


def _close(mail: OutgoingMail, state: MailState, failure: str, action: Audit, now: datetime) -> None:
    mail.state = state
    mail.failure = failure
    _record(action, mail.public_id, now)
    db.session.flush()


def _lease(mail: OutgoingMail, receiver: _Receiver, now: datetime) -> Lease:
    attempt_id = new_public_id()
    mail.state = MailState.LEASED
    mail.attempt_id = attempt_id
    mail.lease_until = now + LEASE
    mail.first_tried_at = mail.first_tried_at or now
    mail.attempts += 1
    db.session.flush()
    return Lease(mail.id, attempt_id, mail.template, mail.recipient_id, receiver.email, receiver.language.value)


def _settle(lease: Lease, **values: object) -> str | None:
    """Move the row on if it is still about this attempt. An answer that comes after the lease ended still counts."""
    return db.session.scalar(
        sa.update(OutgoingMail)
        .where(
            OutgoingMail.id == lease.mail_id,
            OutgoingMail.attempt_id == lease.attempt_id,
            OutgoingMail.state.in_((MailState.LEASED, MailState.UNKNOWN)),
        )
        .values(**values)
        .returning(OutgoingMail.public_id)
    )


def _move(condition: sa.ColumnElement[bool], **values: object) -> list[tuple[str, int]]:
    rows = db.session.execute(
        sa.update(OutgoingMail)
        .where(condition)
        .values(**values)
        .returning(OutgoingMail.public_id, OutgoingMail.recipient_id)
        .execution_options(synchronize_session=False)
    )
    return [(public_id, recipient_id) for public_id, recipient_id in rows]


def _record(action: Audit, public_id: str, now: datetime) -> None:
    audit.record(action, SubjectType.SYSTEM, public_id, actor=SYSTEM, now=now)
