"""Accounts as their administrator changes them."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Language, Permission, Role
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.states import DeadlineState
from portal.db import db
from portal.domain.permissions import require
from portal.models.cases import TeamMember
from portal.models.deadlines import Deadline
from portal.models.organisations import Organisation
from portal.models.users import Membership, User, UserSession
from portal.queries.users import get_member
from portal.services import accounts, audit, claims
from portal.wall import as_system

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """A password to be read aloud once: four groups of four."""
    return "-".join("".join(secrets.choice(LETTERS) for _sign in range(4)) for _group in range(4))


def add_person(name: str, email: str, role: Role, language: Language, *, actor: Actor, now: datetime) -> str | None:
    """Give somebody a role at the own organisation. Returns the one-time password of a new account, else None.

    Raises Forbidden, and Invalid when she has that role here already or is the administrator herself.
    """
    require(actor, Permission.USER_MANAGE)
    if role is Role.SYSTEM:
        raise Invalid(_("Choose one of those that are shown."), field="role")
    user = db.session.scalar(sa.select(User).where(User.email_index == accounts.email_index(email)))
    password = None
    if user is not None and user.id == actor.user_id:
        raise Invalid(_("You cannot give yourself a role. Ask another administrator."))
    if user is None:
        password = new_password()
        user = accounts.create_user(name, email, password, language=language, actor=actor, now=now)
    organisation = db.session.get_one(Organisation, actor.organisation_id)
    try:
        with db.session.begin_nested():
            membership = accounts.add_membership(user, organisation, role)
    except IntegrityError as double:
        raise Invalid(_("She has that role here already."), field="role") from double
    audit.record(Audit.MEMBERSHIP_GIVEN, SubjectType.USER, membership.public_id, actor=actor, now=now)
    db.session.flush()
    return password


def end_membership(public_id: str, *, actor: Actor, now: datetime) -> None:
    """End a role at the own organisation at once: sessions, teams and what is due go with it.

    Raises NotFound, Forbidden, and Invalid for one's own.
    """
    require(actor, Permission.USER_MANAGE)
    membership, user = get_member(actor, public_id)
    if user.id == actor.user_id:
        raise Invalid(_("You cannot end your own role. Ask another administrator."))
    membership.ended_at = now
    db.session.flush()
    # An administrator sees no case, and yet nothing of hers may stay behind.
    with as_system():
        _end_all(membership, user, actor=actor, now=now)
    audit.record(Audit.MEMBERSHIP_ENDED, SubjectType.USER, membership.public_id, actor=actor, now=now)
    db.session.flush()


def _end_all(membership: Membership, user: User, *, actor: Actor, now: datetime) -> None:
    for model in (UserSession, TeamMember):
        ended = {"revoked_at": now} if model is UserSession else {"ended_at": now}
        column = UserSession.revoked_at if model is UserSession else TeamMember.ended_at
        db.session.execute(
            sa.update(model).where(model.membership_id == membership.id, column.is_(None)).values(**ended)
        )
    if membership.role is Role.VOLUNTEER:
        claims.release_all_of(user.id, membership.organisation_id, actor=actor, now=now)
    # What was hers is nobody's now and shows in the lead's list.
    db.session.execute(
        sa.update(Deadline)
        .where(
            Deadline.owner_id == user.id,
            Deadline.organisation_id == actor.organisation_id,
            Deadline.state == DeadlineState.OPEN,
        )
        .values(owner_id=None, queue_role=membership.role.value)
    )
    db.session.flush()


def reset_password(public_id: str, *, actor: Actor, now: datetime) -> str:
    """Give somebody of the own organisation a new one-time password and end her sessions. Raises NotFound, Forbidden.

    Somebody who also works elsewhere is not ours alone: Invalid.
    """
    require(actor, Permission.USER_MANAGE)
    _membership, user = get_member(actor, public_id)
    elsewhere = db.session.scalar(
        sa.select(Membership.id)
        .where(
            Membership.user_id == user.id,
            Membership.ended_at.is_(None),
            Membership.organisation_id != actor.organisation_id,
        )
        .limit(1)
    )
    if elsewhere is not None:
        raise Invalid(_("She also works at another organisation. She changes her password herself."))
    password = new_password()
    user.password_hash = accounts.hasher.hash(password)
    _end_sessions(user.id, now)
    audit.record(Audit.PASSWORD_RESET, SubjectType.USER, user.public_id, actor=actor, now=now)
    db.session.flush()
    return password


def _end_sessions(user_id: int, now: datetime) -> None:
    db.session.execute(
        sa.update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
