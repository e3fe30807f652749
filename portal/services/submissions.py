"""Forms that have been taken in: a second sending of the same form is answered, not done again."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.db import db
from portal.models.users import Submission


def digest(endpoint: str, items: Iterable[tuple[str, str]]) -> bytes:
    """What was sent, as sixteen bytes: the same key with other content is refused."""
    text = "\0".join((endpoint, *(f"{name}={value}" for name, value in sorted(items))))
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def find(key: str, content: bytes, *, actor: Actor) -> str | None:
    """Where this very form led when this person sent it before; None when it has not been taken in."""
    return db.session.scalar(
        sa.select(Submission.location).where(
            Submission.key == key, Submission.user_id == actor.user_id, Submission.digest == content
        )
    )


def take_in(key: str, content: bytes, *, actor: Actor, location: str, now: datetime) -> str | None:
    """Claim the key inside the running transaction. Returns None, or where the first sending led.

    Waits while the first sending is under way. Raises Invalid when the key was used for something else.
    """
    taken: str | None = db.session.scalar(
        insert(Submission)
        .values(key=key, user_id=actor.user_id, digest=content, location=location, created_at=now)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Submission.key)
    )
    if taken is not None:
        return None
    first = db.session.execute(
        sa.select(Submission.user_id, Submission.digest, Submission.location).where(Submission.key == key)
    ).one()
    if first.user_id != actor.user_id or first.digest != content:
        raise Invalid(_("This form has already been used. Open the page again."))
    return str(first.location)
