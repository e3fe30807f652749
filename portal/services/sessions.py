"""What becomes of sessions: they end elsewhere, get a new token, go on in another role."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.errors import NotFound
from portal.core.kinds import SubjectType
from portal.core.sign_in import Proof
from portal.db import db
from portal.models.users import Membership, UserSession
from portal.services import audit
from portal.services.accounts import SignedIn, live_memberships, new_token, token_hash


def end_other_sessions(user_id: int, *, keep: bytes | None, now: datetime) -> None:
    """End somebody's sessions, all but the one with the hash `keep` (R-435). The caller writes why."""
    others = [UserSession.user_id == user_id, UserSession.revoked_at.is_(None)]
    if keep is not None:
        others.append(UserSession.token_hash != keep)
    db.session.execute(sa.update(UserSession).where(*others).values(revoked_at=now))


def end_others(session: SignedIn, *, now: datetime) -> None:
    """End one's own sessions on all other devices."""
    end_other_sessions(session.actor.user_id or 0, keep=session.token_hash, now=now)
    audit.record(Audit.SESSIONS_ENDED, SubjectType.SESSION, session.public_id, actor=session.actor, now=now)


def renew(session: SignedIn, **values: object) -> str:
    """Give a session a new token and change what is given; the old token is worth nothing any more (R-436)."""
    token = new_token()
    statement = sa.update(UserSession).where(UserSession.token_hash == session.token_hash)
    db.session.execute(statement.values(token_hash=token_hash(token), **values))
    return token


def switch_role(session: SignedIn, membership_public_id: str, *, now: datetime) -> str:
    """Go on in another of one's own roles, with a new token, which is returned.

    Raises NotFound for a membership that is not one's own or has ended.
    """
    actor = session.actor
    membership = db.session.scalar(
        live_memberships(actor.user_id or 0).where(Membership.public_id == membership_public_id)
    )
    if membership is None:
        raise NotFound
    token = renew(session, membership_id=membership.id)
    audit.record(Audit.ROLE_SWITCHED, SubjectType.USER, membership.public_id, actor=actor, now=now)
    return token


def step_up(session: SignedIn, proof: Proof, *, now: datetime) -> str:
    """Note that she has proved anew who she is, by the database's clock. Returns the session's new token (R-436)."""
    token = renew(session, stepped_up_at=sa.func.clock_timestamp(), proof=proof)
    audit.record(Audit.STEPPED_UP, SubjectType.SESSION, session.public_id, actor=session.actor, now=now)
    return token
