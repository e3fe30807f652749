"""Accounts as their administrator changes them."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Language, Permission, Role
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.db import db
from portal.domain.memberships import clashes
from portal.domain.permissions import require
from portal.models.users import Membership, User
from portal.queries.users import get_member
from portal.services import account_codes, accounts


def add_person(name: str, email: str, role: Role, language: Language, *, actor: Actor, now: datetime) -> str:
    """Invite somebody to a role at the own organisation. Returns the code to be read out to her, once (R-443).

    The answer is the same whether she has an account somewhere or not. Raises Forbidden, and Invalid when she has
    that role here already or is the administrator herself.
    """
    require(actor, Permission.USER_MANAGE)
    if role is Role.SYSTEM:
        raise Invalid(_("Choose one of those that are shown."), field="role")
    user = accounts.find_user(email)
    if user is not None and user.id == actor.user_id:
        raise Invalid(_("You cannot give yourself a role. Ask another administrator."))
    here = sa.select(Membership.role).where(
        Membership.user_id == (user.id if user else 0),
        Membership.organisation_id == actor.organisation_id,
        Membership.ended_at.is_(None),
    )
    held = db.session.scalars(here).all()
    if role in held:
        raise Invalid(_("She has that role here already."), field="role")
    # Only by what she is here: what she is elsewhere is met when she answers, and nobody here learns of it.
    if clashes(held, role):
        raise Invalid(_("This role cannot be given to this person."), field="role")
    who = account_codes.Invited(name, email, role, language)
    return account_codes.invite(who, actor.organisation_id or 0, actor=actor, now=now)


def give_code(public_id: str, *, actor: Actor, now: datetime) -> str:
    """A code for somebody of the own organisation who has forgotten her password (R-444). Raises NotFound, Forbidden.

    Somebody who also works elsewhere is not ours alone: Invalid.
    """
    user = _colleague(public_id, actor)
    return account_codes.give(user, actor.organisation_id or 0, actor=actor, now=now)


def report_lost(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Say that somebody of the own organisation has lost her second factor (R-445). Raises as `give_code`."""
    user = _colleague(public_id, actor)
    account_codes.report_lost(user, actor.organisation_id or 0, actor=actor, now=now)


def _colleague(public_id: str, actor: Actor) -> User:
    require(actor, Permission.USER_MANAGE)
    _membership, user = get_member(actor, public_id)
    if user.id == actor.user_id:
        raise Invalid(_("This is your own account. Ask another administrator."))
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
        raise Invalid(_("She also works at another organisation. Her administrators there must be asked too."))
    return user
