"""Signing in and out, and the sessions that stand for it."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Language, Role
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain import passwords
from portal.models.organisations import Organisation
from portal.models.users import Membership, User, UserSession
from portal.services import audit, memberships
from portal.vault import blind_index

SEEN_STEP = timedelta(minutes=1)
PASSWORD_MAX = 1024

hasher = PasswordHasher()
# Checked when nobody has the address, so that a known and an unknown one take the same time.
NOBODY = hasher.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """When a session ends: after so long without a request, and at the latest so long after it began."""

    idle: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=8)
    longest_for_volunteers: timedelta = timedelta(hours=2)


LIMITS = SessionLimits()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session: who acts, and whether it is time to move the session's last-seen mark."""

    actor: Actor
    token_hash: bytes
    is_seen_stale: bool


def email_index(email: str) -> bytes:
    """The keyed index under which an address is found; case and outer space do not count."""
    return blind_index(email.strip().casefold(), purpose="user.email")


def token_hash(token: str) -> bytes:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode()).digest()


def sign_in(email: str, password: str, *, now: datetime, limits: SessionLimits = LIMITS) -> str | None:
    """Open a session and return its token, or None: wrong address, wrong password and closed account look alike."""
    user = db.session.scalar(sa.select(User).where(User.email_index == email_index(email)))
    try:
        hasher.verify(user.password_hash if user else NOBODY, password[:PASSWORD_MAX])
    except VerificationError:
        return None
    if user is None or not user.is_active:
        return None
    membership = db.session.scalar(_live_memberships(user.id).limit(1))
    return None if membership is None else open_session(user, membership, now=now, limits=limits)


def _live_memberships(user_id: int) -> sa.Select[Membership]:
    return (
        sa.select(Membership)
        .join(Membership.organisation)
        .where(
            Membership.user_id == user_id,
            Membership.ended_at.is_(None),
            Membership.suspended_at.is_(None),
            Organisation.is_active,
        )
        .order_by(Membership.id)
    )


def open_session(user: User, membership: Membership, *, now: datetime, limits: SessionLimits = LIMITS) -> str:
    """Begin a session in one role. Returns the token for the cookie: 256 random bits, stored only as a hash."""
    token, public_id = secrets.token_urlsafe(32), new_public_id()
    longest = limits.longest_for_volunteers if membership.role is Role.VOLUNTEER else limits.longest
    db.session.add(
        UserSession(
            token_hash=token_hash(token),
            public_id=public_id,
            user_id=user.id,
            membership_id=membership.id,
            created_at=now,
            seen_at=now,
            ends_at=now + longest,
        )
    )
    # What a role sleeps by when nobody uses it any more.
    db.session.execute(
        sa.update(User)
        .where(User.id == user.id)
        .values(signed_in_at=now, person_index=memberships.person_index(user.email))
    )
    actor = Actor(user.id, membership.id, membership.organisation_id, membership.role)
    audit.record(Audit.SIGNED_IN, SubjectType.SESSION, public_id, actor=actor, now=now)
    db.session.flush()
    return token


def find_session(token: str, *, now: datetime, limits: SessionLimits = LIMITS) -> SignedIn | None:
    """The person behind a cookie in one statement, or None when the session, account or membership has ended."""
    row = db.session.execute(
        sa.select(
            UserSession.token_hash,
            UserSession.seen_at,
            User.id,
            User.language,
            User.name,
            Membership.id,
            Membership.role,
            Organisation.id,
            Organisation.name,
            Organisation.is_frozen,
        )
        .join(User, User.id == UserSession.user_id)
        .join(Membership, Membership.id == UserSession.membership_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            UserSession.token_hash == token_hash(token),
            UserSession.revoked_at.is_(None),
            UserSession.ends_at > now,
            UserSession.seen_at > now - limits.idle,
            User.is_active,
            Membership.ended_at.is_(None),
            Membership.suspended_at.is_(None),
            Organisation.is_active,
        )
    ).one_or_none()
    if row is None:
        return None
    hashed, seen_at, user_id, language, name, membership_id, role, organisation_id, organisation_name, is_frozen = row
    actor = Actor(user_id, membership_id, organisation_id, role, language.value, name, organisation_name, is_frozen)
    return SignedIn(actor, hashed, seen_at < now - SEEN_STEP)


def mark_seen(session: SignedIn, *, now: datetime) -> None:
    """Move the session's last-seen mark."""
    db.session.execute(sa.update(UserSession).where(UserSession.token_hash == session.token_hash).values(seen_at=now))


def sign_out(token: str, *, actor: Actor, now: datetime) -> None:
    """End this session at once."""
    public_id = db.session.scalar(
        sa.update(UserSession)
        .where(UserSession.token_hash == token_hash(token), UserSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(UserSession.public_id)
    )
    if public_id is not None:
        audit.record(Audit.SIGNED_OUT, SubjectType.SESSION, public_id, actor=actor, now=now)


def end_session(public_id: str, *, actor: Actor, now: datetime) -> None:
    """End one of one's own sessions on another device. Raises NotFound for somebody else's."""
    ended = db.session.scalar(
        sa.update(UserSession)
        .where(
            UserSession.public_id == public_id, UserSession.user_id == actor.user_id, UserSession.revoked_at.is_(None)
        )
        .values(revoked_at=now)
        .returning(UserSession.public_id)
    )
    if ended is None:
        raise NotFound
    audit.record(Audit.SIGNED_OUT, SubjectType.SESSION, public_id, actor=actor, now=now)


def switch_role(token: str, membership_public_id: str, *, actor: Actor, now: datetime) -> None:
    """Go on in another of one's own roles. Raises NotFound for a membership that is not one's own or has ended."""
    membership = db.session.scalar(
        _live_memberships(actor.user_id or 0).where(Membership.public_id == membership_public_id)
    )
    if membership is None:
        raise NotFound
    db.session.execute(
        sa.update(UserSession).where(UserSession.token_hash == token_hash(token)).values(membership_id=membership.id)
    )
    audit.record(Audit.ROLE_SWITCHED, SubjectType.USER, membership.public_id, actor=actor, now=now)


def set_language(language: Language, *, actor: Actor, now: datetime) -> None:
    """Remember which language this person reads."""
    db.session.execute(sa.update(User).where(User.id == actor.user_id).values(language=language))
    audit.record(Audit.LANGUAGE_CHANGED, SubjectType.USER, None, actor=actor, now=now, fields=["language"])


def create_user(
    name: str, email: str, password: str, *, language: Language, actor: Actor, now: datetime, hashed: str | None = None
) -> User:
    """Make an account. The address must be new: the database refuses a second one.

    `hashed` is the password's hash where it has been made already, for many accounts at once.
    """
    user = User(
        public_id=new_public_id(),
        name=name.strip(),
        email=email.strip(),
        email_index=email_index(email),
        person_index=memberships.person_index(email),
        password_hash=hashed or hasher.hash(password),
        language=language,
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    audit.record(Audit.USER_CREATED, SubjectType.USER, user.public_id, actor=actor, now=now)
    return user


def add_membership(user: User, organisation: Organisation, role: Role) -> Membership:
    """Give a person a role at an organisation. Raises Invalid where she may not have it (R-460)."""
    memberships.check_may_hold(user, organisation, role)
    membership = Membership(user_id=user.id, organisation_id=organisation.id, role=role)
    db.session.add(membership)
    db.session.flush()
    return membership


def change_password(current: str, new: str, again: str, *, keep: str, actor: Actor, now: datetime) -> None:
    """Take a new password (R-195) and end all other sessions. `keep` is the token of the session in use.

    Raises Invalid beside the field that is wrong.
    """
    user = db.session.get_one(User, actor.user_id)
    try:
        hasher.verify(user.password_hash, current[:PASSWORD_MAX])
    except VerificationError as wrong:
        raise Invalid(_("That is not your present password."), field="current") from wrong
    reason = passwords.problem(new, about=(user.name, user.email.split("@")[0], actor.organisation_name))
    if reason is not None:
        raise Invalid(reason, field="new")
    if new != again:
        raise Invalid(_("The two are not the same."), field="again")
    user.password_hash = hasher.hash(new)
    others = sa.and_(UserSession.user_id == user.id, UserSession.token_hash != token_hash(keep))
    db.session.execute(sa.update(UserSession).where(others, UserSession.revoked_at.is_(None)).values(revoked_at=now))
    audit.record(Audit.PASSWORD_CHANGED, SubjectType.USER, user.public_id, actor=actor, now=now)
    db.session.flush()
