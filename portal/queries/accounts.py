"""One's own sessions and roles."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.sign_in import Browser, Proof
from portal.db import db
from portal.models.organisations import Organisation
from portal.models.users import Membership, UserSession

MOST = 50


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A device on which somebody is signed in."""

    public_id: str
    token_hash: bytes
    created_at: datetime
    seen_at: datetime
    browser: Browser
    proof: Proof


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role that somebody has at an organisation."""

    id: int
    public_id: str
    role: Role
    organisation: str


def list_sessions(actor: Actor, *, now: datetime) -> list[SessionRow]:
    """The actor's own live sessions, the latest seen first."""
    rows = db.session.execute(
        sa.select(
            UserSession.public_id,
            UserSession.token_hash,
            UserSession.created_at,
            UserSession.seen_at,
            UserSession.browser,
            UserSession.proof,
        )
        .where(UserSession.user_id == actor.user_id, UserSession.revoked_at.is_(None), UserSession.ends_at > now)
        .order_by(UserSession.seen_at.desc())
        .limit(MOST)
    )
    return [SessionRow(*row) for row in rows]


def list_memberships(actor: Actor) -> list[RoleRow]:
    """The actor's own live roles at organisations that are still here."""
    rows = db.session.execute(
        sa.select(Membership.id, Membership.public_id, Membership.role, Organisation.name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.user_id == actor.user_id,
            Membership.is_live,
            Organisation.is_active,
        )
        .order_by(Membership.id)
        .limit(MOST)
    )
    return [RoleRow(*row) for row in rows]
