"""Signing in: the password first, then a second proof; or a passkey, which is both. Only then is there a session."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.kinds import SubjectType
from portal.core.sign_in import Browser, Ceremony, Proof
from portal.db import db
from portal.domain.sign_in import HALF_WAY, TRIES, is_enough
from portal.models.sign_in import HalfSignIn
from portal.models.users import Membership, User
from portal.services import accounts, audit, code_app, devices, factors, passkeys, recovery, sessions
from portal.services.accounts import SessionLimits, SignedIn
from portal.services.passkeys import Site


@dataclass(frozen=True, slots=True)
class Visitor:
    """The browser somebody signs in with: its family, the token that makes it known, how long sessions last."""

    device: str
    browser: Browser = Browser.OTHER
    limits: SessionLimits = accounts.LIMITS


@dataclass(frozen=True, slots=True)
class Opened:
    """A session has begun."""

    token: str


@dataclass(frozen=True, slots=True)
class HalfWay:
    """A second proof is asked for. Whether the password was right is not told yet."""

    token: str


def begin(
    email: str, password: str, visitor: Visitor, *, is_second_required: bool, now: datetime
) -> Opened | HalfWay | None:
    """The first step: address and password (R-434). None when they are wrong and no second proof would be asked for.

    Where a second proof is required everybody is asked for it, also for an account that does not exist: unknown
    address, wrong password, closed account and wrong code cannot be told apart. Somebody who has no second factor
    yet comes in, to a session in which she can set one up and nothing else.
    """
    user = accounts.find_user(email)
    is_right = accounts.is_password(user, password)
    membership = accounts.first_membership(user)
    kinds = factors.kinds_of(user.id if user else None)
    if user is None or membership is None or not (is_right and user.is_active):
        _note_failed(user, now)
        return HalfWay(_half(None, email, now)) if is_second_required else None
    if kinds:
        return HalfWay(_half(user, email, now))
    return _open(user, membership, Proof.PASSWORD, visitor, now)


def email_index_of(token: str, *, now: datetime) -> bytes | None:
    """For whose address a half sign-in was begun, for counting attempts; None when it is over."""
    return db.session.scalar(sa.select(HalfSignIn.email_index).where(_is_live(token, now)))


def finish(token: str, code: str, visitor: Visitor, *, now: datetime) -> Opened | None:
    """The second step: the code of an app, or a recovery code. None when it is not right, whatever is wrong (R-434)."""
    half = db.session.scalar(sa.select(HalfSignIn).where(_is_live(token, now)).with_for_update())
    if half is None:
        return None
    half.tries += 1
    user = db.session.get(User, half.user_id) if half.user_id else None
    membership = accounts.first_membership(user)
    proof = _second_proof(user.id if user else None, code, now)
    if proof is None or user is None or membership is None or not user.is_active:
        _note_failed(user, now)
        return None
    db.session.delete(half)
    if proof is Proof.RECOVERY_CODE:
        audit.record(Audit.RECOVERY_CODE_USED, SubjectType.USER, user.public_id, actor=SYSTEM, now=now)
    return _open(user, membership, proof, visitor, now)


def with_passkey(answer: str, site: Site, visitor: Visitor, *, now: datetime) -> Opened | None:
    """Sign in with a passkey alone: a thing one has and a finger, face or PIN. None when it is not right (R-439)."""
    user_id = passkeys.use(answer, Ceremony.SIGN_IN, site, user_id=None, now=now)
    user = db.session.get(User, user_id) if user_id else None
    membership = accounts.first_membership(user)
    if user is None or membership is None or not user.is_active:
        return None
    return _open(user, membership, Proof.PASSKEY, visitor, now)


def step_up(session: SignedIn, proof: Proof | None, *, is_second_required: bool, now: datetime) -> str | None:
    """Note a fresh proof and return the session's new token; None when it is wrong or too weak for the role (R-441)."""
    if proof is not None and is_second_required and not is_enough(session.actor.role, proof):
        proof = None
    if proof is None:
        audit.record(Audit.STEP_UP_FAILED, SubjectType.SESSION, session.public_id, actor=session.actor, now=now)
        return None
    return sessions.step_up(session, proof, now=now)


def proof_by_code(actor: Actor, code: str, *, now: datetime) -> Proof | None:
    """What a typed code proves: that of the app, a recovery code; without any factor the password does (R-441)."""
    if factors.kinds_of(actor.user_id):
        return _second_proof(actor.user_id, code, now)
    user = db.session.get(User, actor.user_id)
    return Proof.PASSWORD if accounts.is_password(user, code) else None


def proof_by_passkey(actor: Actor, answer: str, site: Site, *, now: datetime) -> Proof | None:
    """What an answer of a passkey proves, when the passkey is this person's own (R-439)."""
    owner = passkeys.use(answer, Ceremony.STEP_UP, site, user_id=actor.user_id, now=now)
    return Proof.PASSKEY if owner is not None else None


def _second_proof(user_id: int | None, code: str, now: datetime) -> Proof | None:
    typed = recovery.plain(code)
    if len(typed) == recovery.LENGTH:
        return Proof.RECOVERY_CODE if recovery.use(user_id, typed, now=now) else None
    return Proof.CODE if code_app.use(user_id, typed, now=now) else None


def _half(user: User | None, email: str, now: datetime) -> str:
    token = accounts.new_token()
    half = HalfSignIn(
        token_hash=accounts.token_hash(token),
        user_id=user.id if user else None,
        email_index=accounts.email_index(email),
        created_at=now,
        ends_at=now + HALF_WAY,
    )
    db.session.add(half)
    db.session.flush()
    return token


def _is_live(token: str, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        HalfSignIn.token_hash == accounts.token_hash(token), HalfSignIn.ends_at > now, HalfSignIn.tries < TRIES
    )


def _open(user: User, membership: Membership, proof: Proof, visitor: Visitor, now: datetime) -> Opened:
    token = accounts.open_session(
        user, membership, now=now, limits=visitor.limits, proof=proof, browser=visitor.browser
    )
    opened = accounts.find_session(token, now=now, limits=visitor.limits)
    if opened is not None:
        devices.note(visitor.device, user.id, opened.public_id, now=now)
    return Opened(token)


def _note_failed(user: User | None, now: datetime) -> None:
    """One line whoever it was, so that a known address costs what an unknown one does."""
    subject = user.public_id if user else None
    audit.record(Audit.SIGN_IN_FAILED, SubjectType.USER, subject, actor=SYSTEM, now=now)
    db.session.flush()
