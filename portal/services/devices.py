"""Browsers that somebody has signed in from before: a new one is told of, a known one is not slowed by strangers."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.models.sign_in import KnownDevice
from portal.models.users import User
from portal.services import audit, messages
from portal.services.accounts import token_hash


def is_known(token: str, index: bytes) -> bool:
    """Whether the owner of the address with this index has signed in from the browser with this token before."""
    return (
        db.session.scalar(
            sa.select(KnownDevice.token_hash)
            .join(User, User.id == KnownDevice.user_id)
            .where(KnownDevice.token_hash == token_hash(token), User.email_index == index)
        )
        is not None
    )


def note(token: str, user_id: int, session_public_id: str, *, now: datetime) -> None:
    """Remember that she signed in from this browser; tell her if it is not the first and not a known one (R-437)."""
    earlier = db.session.scalars(sa.select(KnownDevice.token_hash).where(KnownDevice.user_id == user_id)).all()
    hashed = token_hash(token)
    db.session.execute(
        insert(KnownDevice)
        .values(token_hash=hashed, user_id=user_id, seen_at=now)
        .on_conflict_do_update(index_elements=["token_hash", "user_id"], set_={"seen_at": now})
    )
    if earlier and hashed not in earlier:
        audit.record(Audit.DEVICE_NEW, SubjectType.SESSION, session_public_id, actor=SYSTEM, now=now)
        tell(user_id, f"device:{session_public_id}", kind=MessageKind.DEVICE_NEW, now=now)


def tell(user_id: int, occasion: str, *, now: datetime, kind: MessageKind = MessageKind.ACCOUNT_CHANGED) -> None:
    """Tell somebody that something about her sign-in has changed: in the inbox, and by a mail that says nothing."""
    # The portal tells her, also of what she did herself: it may have been somebody else.
    messages.notify(
        kind,
        user_id,
        SubjectType.SESSION,
        None,
        actor=SYSTEM,
        now=now,
        dedupe_key=f"account:{occasion}:{user_id}",
    )
