"""Codes that an administrator reads out by telephone: for a new colleague, a forgotten password, lost factors."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Language, Permission, Role
from portal.core.errors import Forbidden, NotFound, NotNow
from portal.core.i18n import _
from portal.core.ids import ALPHABET
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.sign_in import CodePurpose
from portal.db import db
from portal.domain.permissions import can
from portal.domain.sign_in import CODE_LIFE, SECOND_PERSON
from portal.models.indexes import code_hash
from portal.models.sign_in import AccountCode, CodeWish
from portal.models.users import Membership, User
from portal.services import accounts, audit, messages
from portal.services.accounts import email_index
from portal.services.recovery import plain

LENGTH = 12
# Who may stand in for the second person: another administrator, or the safety officer.
SECONDS = (Role.ADMINISTRATOR, Role.SAFETY_OFFICER)


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited, to what, as the inviter typed it."""

    name: str
    email: str
    role: Role
    language: Language


def code_index(code: str) -> bytes:
    """The keyed index under which a code is found: it cannot be tried out on a copy of the database."""
    return code_hash(plain(code))


def invite(who: Invited, organisation_id: int, *, actor: Actor, now: datetime) -> str:
    """Invite somebody to a role. Returns the code to be read out, once (R-443).

    Nothing tells whether she has an account already: the account is made, or found, when she answers.
    """
    code, index = _new_code(), email_index(who.email)
    earlier = sa.and_(
        AccountCode.email_index == index,
        AccountCode.organisation_id == organisation_id,
        AccountCode.role == who.role,
    )
    _withdraw(earlier, now)
    row = AccountCode(
        purpose=CodePurpose.INVITATION,
        organisation_id=organisation_id,
        role=who.role,
        name=who.name.strip(),
        email=who.email.strip(),
        language=who.language,
        email_index=index,
        code_index=code_index(code),
        created_at=now,
        created_by_id=actor.user_id,
        ends_at=now + CODE_LIFE[CodePurpose.INVITATION],
    )
    _put(row, Audit.USER_INVITED, actor, now)
    return _spoken(code)


def give(
    user: User,
    organisation_id: int,
    *,
    actor: Actor,
    now: datetime,
    life: timedelta = CODE_LIFE[CodePurpose.PASSWORD],
) -> str:
    """A code with which somebody whom the actor knows chooses a password. Returns it, to be read out (R-444).

    An earlier one of hers is worth nothing any more. Nobody chooses a password for somebody else.
    """
    code = _new_code()
    _withdraw(sa.and_(AccountCode.user_id == user.id, AccountCode.purpose == CodePurpose.PASSWORD), now)
    row = _about(user, CodePurpose.PASSWORD, organisation_id, actor, now)
    row.code_index, row.ends_at = code_index(code), now + life
    _put(row, Audit.CODE_GIVEN, actor, now)
    return _spoken(code)


def invite_account(email: str, *, actor: Actor, now: datetime) -> str:
    """A code for the first password of an account that has just been made (R-444). Returns it, to be read out."""
    user = accounts.find_user(email)
    if user is None:
        raise NotFound
    life = CODE_LIFE[CodePurpose.INVITATION]
    return give(user, actor.organisation_id or 0, actor=actor, now=now, life=life)


def report_lost(user: User, organisation_id: int, *, actor: Actor, now: datetime) -> None:
    """Say that a colleague has lost her passkey or code app, and call a second person (R-445)."""
    _withdraw(sa.and_(AccountCode.user_id == user.id, AccountCode.purpose == CodePurpose.FACTORS), now)
    row = _about(user, CodePurpose.FACTORS, organisation_id, actor, now)
    row.ends_at = now + SECOND_PERSON
    _put(row, Audit.FACTORS_LOST, actor, now)
    for second in _people(organisation_id, SECONDS, besides=user.id):
        messages.notify(
            MessageKind.SECOND_PERSON_NEEDED,
            second,
            SubjectType.INVITATION,
            row.public_id,
            actor=actor,
            now=now,
            dedupe_key=f"factors_lost:{row.public_id}:{second}",
        )


def confirm_lost(public_id: str, *, actor: Actor, now: datetime) -> tuple[str, str]:
    """Confirm as the second person. Returns her name and the code to be read out to her (R-445).

    Raises NotFound for another organisation's, Forbidden for whoever reported it or lost it, NotNow when it is over.
    """
    row = db.session.scalar(
        sa.select(AccountCode)
        .where(
            AccountCode.public_id == public_id,
            AccountCode.organisation_id == actor.organisation_id,
            AccountCode.purpose == CodePurpose.FACTORS,
        )
        .with_for_update()
    )
    if row is None:
        raise NotFound
    if actor.role not in SECONDS or actor.user_id in (row.created_by_id, row.user_id):
        raise Forbidden(_("This takes a second person: not the one who reported it, and not the one it is about."))
    if row.code_index is not None or row.withdrawn_at is not None or row.ends_at <= now:
        raise NotNow
    code = _new_code()
    row.confirmed_by_id, row.code_index = actor.user_id, code_index(code)
    row.ends_at = now + CODE_LIFE[CodePurpose.FACTORS]
    db.session.flush()
    audit.record(Audit.CODE_GIVEN, SubjectType.INVITATION, row.public_id, actor=actor, now=now)
    return db.session.get_one(User, row.user_id).name, _spoken(code)


def withdraw(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Take back an invitation or a code of one's own organisation. Raises NotFound, Forbidden."""
    if not can(actor, Permission.USER_MANAGE):
        raise Forbidden
    row = db.session.scalar(
        sa.select(AccountCode).where(
            AccountCode.public_id == public_id,
            AccountCode.organisation_id == actor.organisation_id,
            AccountCode.used_at.is_(None),
            AccountCode.withdrawn_at.is_(None),
        )
    )
    if row is None:
        raise NotFound
    row.withdrawn_at = now
    audit.record(Audit.CODE_WITHDRAWN, SubjectType.INVITATION, public_id, actor=actor, now=now)
    db.session.flush()


def find(email: str, code: str, *, now: datetime) -> AccountCode | None:
    """The live code for this address, locked; None for everything else, in one statement whatever is wrong (R-446)."""
    return db.session.scalar(
        sa.select(AccountCode)
        .where(
            AccountCode.email_index == email_index(email),
            AccountCode.code_index == code_index(code),
            AccountCode.used_at.is_(None),
            AccountCode.withdrawn_at.is_(None),
            AccountCode.ends_at > now,
        )
        .with_for_update()
    )


def wish(email: str, *, now: datetime) -> None:
    """Note that somebody has forgotten a password: one row, whether the address is known or not (R-446)."""
    db.session.execute(
        insert(CodeWish)
        .values(email_index=email_index(email), asked_at=now, told_at=None)
        .on_conflict_do_update(index_elements=["email_index"], set_={"asked_at": now, "told_at": None})
    )


def answer_wishes(*, now: datetime) -> int:
    """Tell the administrators of those who have forgotten their password, once a day each. Returns how many (R-446)."""
    rows = db.session.execute(
        sa.select(User.id, User.public_id, Membership.organisation_id)
        .join(CodeWish, CodeWish.email_index == User.email_index)
        .join(Membership, sa.and_(Membership.user_id == User.id, Membership.ended_at.is_(None)))
        .where(CodeWish.told_at.is_(None), User.is_active)
        .order_by(Membership.id)
    ).all()
    for user_id, public_id, organisation_id in rows:
        for administrator in _people(organisation_id, (Role.ADMINISTRATOR,), besides=user_id):
            messages.notify(
                MessageKind.SECOND_PERSON_NEEDED,
                administrator,
                SubjectType.INVITATION,
                public_id,
                actor=SYSTEM,
                now=now,
                dedupe_key=f"code_wish:{public_id}:{local_date(now)}:{administrator}",
            )
    db.session.execute(sa.update(CodeWish).where(CodeWish.told_at.is_(None)).values(told_at=now))
    return len(rows)


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))


def _spoken(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def _about(user: User, purpose: CodePurpose, organisation_id: int, actor: Actor, now: datetime) -> AccountCode:
    return AccountCode(
        purpose=purpose,
        organisation_id=organisation_id,
        user_id=user.id,
        email_index=user.email_index,
        created_at=now,
        created_by_id=actor.user_id,
    )


def _put(row: AccountCode, tag: Audit, actor: Actor, now: datetime) -> None:
    db.session.add(row)
    db.session.flush()
    audit.record(tag, SubjectType.INVITATION, row.public_id, actor=actor, now=now)
    db.session.flush()


def _withdraw(which: sa.ColumnElement[bool], now: datetime) -> None:
    live = sa.and_(which, AccountCode.used_at.is_(None), AccountCode.withdrawn_at.is_(None))
    db.session.execute(sa.update(AccountCode).where(live).values(withdrawn_at=now))


def _people(organisation_id: int, roles: tuple[Role, ...], *, besides: int) -> list[int]:
    statement = (
        sa.select(Membership.user_id)
        .distinct()
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_(roles),
            Membership.is_live,
            Membership.user_id != besides,
        )
    )
    return list(db.session.scalars(statement))
