"""Recovery codes: ten codes of twenty characters, each of which stands in for a second factor once (R-438)."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from argon2.exceptions import VerificationError

from portal.core.audit_tags import Audit
from portal.core.ids import ALPHABET
from portal.core.kinds import SubjectType
from portal.db import db
from portal.models.sign_in import RecoveryCode
from portal.services import accounts, audit, devices, factors
from portal.services.accounts import SignedIn

HOW_MANY, LOCATOR, LENGTH = 10, 4, 20


def plain(typed: str) -> str:
    """A code as it is compared: capitals, without blanks and hyphens."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def make(session: SignedIn, *, now: datetime, is_first: bool = False) -> list[str]:
    """Make ten new codes, to be shown once; the old ones are worth nothing any more (R-438).

    Raises Forbidden where the session may not change factors; the first codes come with the first factor.
    """
    if not is_first:
        factors.require_may_change(session)
    actor, user_id = session.actor, session.actor.user_id or 0
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes: dict[str, str] = {}
    while len(codes) < HOW_MANY:
        code = "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))
        codes.setdefault(code[:LOCATOR], code)
    for locator, code in codes.items():
        hashed = accounts.hasher.hash(code[LOCATOR:])
        db.session.add(RecoveryCode(user_id=user_id, locator=locator, code_hash=hashed, created_at=now))
    audit.record(Audit.RECOVERY_CODES_MADE, SubjectType.USER, None, actor=actor, now=now)
    db.session.flush()
    return ["-".join(code[at : at + 5] for at in range(0, LENGTH, 5)) for code in codes.values()]


def use(user_id: int | None, typed: str, *, now: datetime) -> bool:
    """Whether this is one of her codes; it is used up by that, and she is told (R-438). The same work for nobody."""
    code = plain(typed)
    row = db.session.scalar(
        sa.select(RecoveryCode)
        .where(
            RecoveryCode.user_id == (user_id or 0),
            RecoveryCode.locator == code[:LOCATOR],
            RecoveryCode.used_at.is_(None),
        )
        .with_for_update()
    )
    try:
        accounts.hasher.verify(row.code_hash if row else accounts.NOBODY, code[LOCATOR:])
    except VerificationError:
        return False
    if row is None:
        return False
    row.used_at = now
    db.session.flush()
    devices.tell(row.user_id, f"recovery:{row.id}", now=now)
    return True
