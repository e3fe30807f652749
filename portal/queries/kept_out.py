"""Whom a case is closed to, as its team sees it: what the team has written, and never whether it has met anybody."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.safety import WatchedRelation
from portal.db import db
from portal.models.access import CaseBlock, WatchedPerson
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.queries.barriers import knows_of
from portal.queries.paging import PAGE_SIZE
from portal.queries.safety import unseen_by_the_team


@dataclass(frozen=True, slots=True)
class KeptOutRow:
    """An organisation, an address or somebody known by more than that (`relation`), and who wrote it when.

    An address looks the same whether or not an account has it: the team is not told which addresses sign in here.
    """

    public_id: str
    is_watched: bool
    organisation: str | None
    email: str | None
    # The name of an account that was kept out in another way than by its address.
    person: str | None
    relation: WatchedRelation | None
    reason: str | None
    created_at: datetime
    set_by: str
    # Whether the safety officer has proposed to lift it, and the reader may agree.
    is_proposed: bool


def is_kept_out(case_id: int, user_id: int) -> bool:
    """Whether a block keeps somebody out of a case, herself or through any house of hers."""
    return bool(db.session.scalar(sa.select(sa.not_(knows_of(user_id, sa.literal(case_id, sa.BigInteger))))))


def list_kept_out(actor: Actor, case_id: int) -> list[KeptOutRow]:
    """What somebody has set by hand and is in force, the newest first."""
    blocks = [KeptOutRow(*row) for row in db.session.execute(_blocks(actor, case_id))]
    rows = [replace(row, person=None) if row.email else row for row in blocks]
    for is_address, *row in db.session.execute(_watched(actor, case_id)):
        somebody = KeptOutRow(*row)
        rows.append(replace(somebody, relation=None) if is_address else replace(somebody, email=None))
    return sorted(rows, key=lambda row: row.created_at, reverse=True)


def _blocks(actor: Actor, case_id: int) -> sa.Select[*tuple[Any, ...]]:
    setter = sa.orm.aliased(User)
    return (
        sa.select(
            CaseBlock.public_id,
            sa.false(),
            Organisation.name,
            CaseBlock.email,
            User.name,
            sa.null(),
            CaseBlock.reason,
            CaseBlock.created_at,
            setter.name,
            _is_proposed(CaseBlock, actor),
        )
        .join(setter, setter.id == CaseBlock.created_by_id)
        .outerjoin(User, User.id == CaseBlock.user_id)
        .outerjoin(Organisation, Organisation.id == CaseBlock.organisation_id)
        .where(CaseBlock.case_id == case_id, CaseBlock.ended_at.is_(None), sa.not_(unseen_by_the_team()))
        .order_by(CaseBlock.id.desc())
        .limit(PAGE_SIZE)
    )


def _watched(actor: Actor, case_id: int) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            sa.and_(WatchedPerson.name_index.is_(None), WatchedPerson.phone_index.is_(None)),
            WatchedPerson.public_id,
            sa.true(),
            sa.null(),
            WatchedPerson.email,
            sa.null(),
            WatchedPerson.relation,
            WatchedPerson.reason,
            WatchedPerson.created_at,
            User.name,
            _is_proposed(WatchedPerson, actor),
        )
        .join(User, User.id == WatchedPerson.created_by_id)
        .where(WatchedPerson.case_id == case_id, WatchedPerson.ended_at.is_(None))
        .order_by(WatchedPerson.id.desc())
        .limit(PAGE_SIZE)
    )


def _is_proposed(model: type[CaseBlock] | type[WatchedPerson], actor: Actor) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(model.lift_asked_by_id != actor.user_id, sa.false())
