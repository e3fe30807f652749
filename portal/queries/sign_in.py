"""One's own second factors, and the codes that an organisation has given out."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.sign_in import CodePurpose, FactorKind
from portal.db import db
from portal.models.sign_in import AccountCode, Factor, RecoveryCode
from portal.models.users import Membership, User
from portal.queries.paging import PAGE_SIZE, decode, encode

MOST = 50


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A second factor of one's own."""

    public_id: str
    kind: FactorKind
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code that was given out, or waits for a second person."""

    public_id: str
    purpose: CodePurpose
    name: str
    role: Role | None
    created_at: datetime
    ends_at: datetime
    is_waiting: bool
    may_confirm: bool


def list_factors(actor: Actor) -> list[FactorRow]:
    """The actor's own factors in use, the oldest first."""
    rows = db.session.execute(
        sa.select(Factor.public_id, Factor.kind, Factor.name, Factor.created_at, Factor.last_used_at)
        .where(Factor.user_id == actor.user_id, Factor.confirmed_at.is_not(None))
        .order_by(Factor.id)
        .limit(MOST)
    )
    return [FactorRow(*row) for row in rows]


def count_recovery_codes(actor: Actor) -> int:
    """How many of the actor's recovery codes are left."""
    unused = sa.and_(RecoveryCode.user_id == actor.user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode).where(unused)) or 0


def count_roles(actor: Actor) -> int:
    """How many roles the actor has."""
    own = sa.and_(Membership.user_id == actor.user_id, Membership.ended_at.is_(None))
    return db.session.scalar(sa.select(sa.func.count()).select_from(Membership).where(own)) or 0


def get_email(actor: Actor) -> str:
    """The actor's own address."""
    return db.session.get_one(User, actor.user_id).email


def list_codes(
    actor: Actor, *, now: datetime, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[CodeRow], str | None]:
    """Live codes of the own organisation, the newest first. Raises ValueError for a bad cursor.

    An invitation shows what the inviter typed, whoever it is: not whether there is an account already.
    """
    statement = (
        sa.select(AccountCode, User.name)
        .outerjoin(User, User.id == AccountCode.user_id)
        .where(
            AccountCode.organisation_id == actor.organisation_id,
            AccountCode.used_at.is_(None),
            AccountCode.withdrawn_at.is_(None),
            AccountCode.ends_at > now,
        )
        .order_by(AccountCode.id.desc())
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(AccountCode.id < decode(after, int)[0])
    rows = db.session.execute(statement).all()
    following = encode(rows[limit - 1][0].id) if len(rows) > limit else None
    return [_row(code, name, actor) for code, name in rows[:limit]], following


def _row(code: AccountCode, name: str | None, actor: Actor) -> CodeRow:
    is_waiting = code.code_index is None
    may_confirm = is_waiting and actor.user_id not in (code.created_by_id, code.user_id)
    return CodeRow(
        code.public_id,
        code.purpose,
        name or code.name or "",
        code.role,
        code.created_at,
        code.ends_at,
        is_waiting,
        may_confirm,
    )
