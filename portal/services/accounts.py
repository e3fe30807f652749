"""Accounts, and the sessions that stand for somebody who has signed in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Language, Role
from portal.core.errors import NotFound
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.sign_in import Browser, Proof
from portal.db import db
from portal.domain.passwords import prepared
from portal.domain.sign_in import STEP_UP
from portal.models.indexes import sign_in_index
from portal.models.organisations import Organisation
from portal.models.users import Membership, User, UserSession
from portal.services import audit, cutting_off, memberships, watch_matches

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
    """A live session: who acts, how she proved it, and whether it is time to move the session's last-seen mark."""

    actor: Actor
    token_hash: bytes
    is_seen_stale: bool
    # The absolute end.
    ends_at: datetime
    public_id: str
    proof: Proof
    # Whether she proved it within the last minutes, by the database's clock (M10).
    is_stepped_up: bool


def email_index(email: str) -> bytes:
    """The keyed index under which an address is found; case and outer space do not count."""
    return sign_in_index(email.strip().casefold())


def token_hash(token: str) -> bytes:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    """256 random bits for a cookie; only their hash is stored."""
    return secrets.token_urlsafe(32)


def is_password(user: User | None, password: str) -> bool:
    """Whether this is her password. For nobody the same work is done, and the answer is no (R-434)."""
    typed = prepared(password[:PASSWORD_MAX])
    try:
        hasher.verify(user.password_hash if user else NOBODY, typed)
    except VerificationError:
        return False
    return user is not None


def set_password(user: User, password: str) -> None:
    """Store a new password's hash."""
    user.password_hash = hasher.hash(prepared(password))


def find_user(email: str) -> User | None:
    """Whose address this is; None for nobody's."""
    return db.session.scalar(sa.select(User).where(User.email_index == email_index(email)))


def first_membership(user: User | None) -> Membership | None:
    """The role in which somebody begins: the oldest that lives, at an organisation that is here."""
    return db.session.scalar(live_memberships(user.id if user else 0).limit(1))


def live_memberships(user_id: int) -> sa.Select[Membership]:
    """Somebody's roles that have not ended."""
    return (
        sa.select(Membership)
        .join(Membership.organisation)
        .where(
            Membership.user_id == user_id,
            Membership.is_live,
            Organisation.is_active,
        )
        .order_by(Membership.id)
    )


def open_session(
    user: User,
    membership: Membership,
    *,
    now: datetime,
    limits: SessionLimits = LIMITS,
    proof: Proof = Proof.PASSWORD,
    browser: Browser = Browser.OTHER,
) -> str:
    """Begin a session in one role. Returns the token for the cookie: 256 random bits, stored only as a hash.

    Whoever signs in has just proved who she is: that counts as a step-up.
    """
    token, public_id = new_token(), new_public_id()
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
            stepped_up_at=sa.func.clock_timestamp(),
            proof=proof,
            browser=browser,
        )
    )
    _note_sign_in(user, now)
    actor = Actor(user.id, membership.id, membership.organisation_id, membership.role)
    audit.record(Audit.SIGNED_IN, SubjectType.SESSION, public_id, actor=actor, now=now)
    db.session.flush()
    return token


def _note_sign_in(user: User, now: datetime) -> None:
    """What a role sleeps by when nobody uses it any more, and since when news is told on her day (R-791)."""
    index = memberships.person_index(user.email)
    signed_in = {"signed_in_before_at": User.signed_in_at, "signed_in_at": now, "person_index": index}
    db.session.execute(sa.update(User).where(User.id == user.id).values(signed_in))


def find_session(token: str, *, now: datetime, limits: SessionLimits = LIMITS) -> SignedIn | None:
    """The person behind a cookie in one statement, or None when the session, account or membership has ended."""
    row = db.session.execute(_live_session(token, now, limits)).one_or_none()
    if row is None:
        return None
    actor = Actor(
        row.user_id,
        row.membership_id,
        row.organisation_id,
        row.role,
        row.language.value,
        row.name,
        row.organisation_name,
        row.is_frozen,
    )
    is_seen_stale = row.seen_at < now - SEEN_STEP
    return SignedIn(
        actor, row.token_hash, is_seen_stale, row.ends_at, row.public_id, row.proof, bool(row.is_stepped_up)
    )


def _live_session(token: str, now: datetime, limits: SessionLimits) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            UserSession.token_hash,
            UserSession.seen_at,
            UserSession.ends_at,
            UserSession.public_id,
            UserSession.proof,
            (UserSession.stepped_up_at > sa.func.clock_timestamp() - STEP_UP).label("is_stepped_up"),
            User.id.label("user_id"),
            User.language,
            User.name,
            Membership.id.label("membership_id"),
            Membership.role,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
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
            Membership.is_live,
            Organisation.is_active,
        )
    )


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


def set_language(language: Language, *, actor: Actor, now: datetime) -> None:
    """Remember which language this person reads."""
    db.session.execute(sa.update(User).where(User.id == actor.user_id).values(language=language))
    audit.record(Audit.LANGUAGE_CHANGED, SubjectType.USER, None, actor=actor, now=now, fields=["language"])


def create_user(
    name: str,
    email: str,
    password: str | None,
    *,
    language: Language,
    actor: Actor,
    now: datetime,
    hashed: str | None = None,
) -> User:
    """Make an account. The address must be new: the database refuses a second one.

    `hashed` is the password's hash where it has been made already, for many accounts at once. Without a password
    nobody signs in until one has been chosen with a code.
    """
    if hashed is None:
        hashed = NOBODY if password is None else hasher.hash(prepared(password))
    user = User(
        public_id=new_public_id(),
        name=name.strip(),
        email=email.strip(),
        email_index=email_index(email),
        person_index=memberships.person_index(email),
        password_hash=hashed,
        language=language,
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    audit.record(Audit.USER_CREATED, SubjectType.USER, user.public_id, actor=actor, now=now)
    return user


def add_membership(user: User, organisation: Organisation, role: Role) -> Membership:
    """Give a person a role at an organisation. Raises Invalid where she may not have it (R-460).

    Whoever is on the watch list is met here, unseen by anybody (R-381); what the house is kept out of, she leaves.
    """
    memberships.check_may_hold(user, organisation, role)
    membership = Membership(user_id=user.id, organisation_id=organisation.id, role=role)
    db.session.add(membership)
    db.session.flush()
    watch_matches.look_at(user.id, now=utc_now())
    cutting_off.catch_up(user.id, organisation.id, now=utc_now())
    return membership
