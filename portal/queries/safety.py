"""What safety officers see: blocks, matches with the watch list, emergency accesses; and what these services ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.safety import HitState, WatchedRelation, WatchMatch
from portal.db import db
from portal.models.access import CaseBlock, WatchedPerson, WatchHit
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.queries.barriers import is_open_to
from portal.queries.paging import PAGE_SIZE, decode, encode


def own_cases(actor: Actor) -> sa.ColumnElement[bool]:
    """Cases of the officer's organisation that she is not kept out of herself."""
    return sa.and_(Case.owner_organisation_id == actor.organisation_id, is_open_to(actor, Case.id))


@dataclass(frozen=True, slots=True)
class BlockRow:
    """One block: whom it keeps out of which case."""

    id: int
    public_id: str
    reference: str
    person: str | None
    organisation: str | None
    reason: str | None
    created_at: datetime
    set_by: str
    lift_asked_at: datetime | None
    asked_by_me: bool


def _block_rows(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    setter = aliased(User)
    return (
        sa.select(
            CaseBlock.id,
            CaseBlock.public_id,
            Case.reference,
            User.name,
            Organisation.name,
            CaseBlock.reason,
            CaseBlock.created_at,
            setter.name,
            CaseBlock.lift_asked_at,
            sa.func.coalesce(CaseBlock.lift_asked_by_id == actor.user_id, sa.false()),
        )
        .join(Case, Case.id == CaseBlock.case_id)
        .join(setter, setter.id == CaseBlock.created_by_id)
        .outerjoin(User, User.id == CaseBlock.user_id)
        .outerjoin(Organisation, Organisation.id == CaseBlock.organisation_id)
        .where(CaseBlock.ended_at.is_(None))
    )


def list_blocks(actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE) -> tuple[list[BlockRow], str | None]:
    """The live blocks of the organisation's cases, the newest first. Raises ValueError for a bad cursor."""
    statement = _block_rows(actor).where(own_cases(actor)).order_by(CaseBlock.id.desc()).limit(limit + 1)
    if after:
        statement = statement.where(CaseBlock.id < decode(after, int)[0])
    rows = [BlockRow(*row) for row in db.session.execute(statement)]
    return rows[:limit], encode(rows[limit - 1].id) if len(rows) > limit else None


def set_by_the_list() -> sa.ColumnElement[bool]:
    """Blocks that a match with the watch list has set: they are for safety officers alone (R-381)."""
    return sa.exists(
        sa.select(WatchHit.id)
        .join(WatchedPerson, WatchedPerson.id == WatchHit.watched_person_id)
        .where(
            WatchedPerson.case_id == CaseBlock.case_id,
            WatchHit.user_id == CaseBlock.user_id,
            WatchHit.found_at == CaseBlock.created_at,
        )
        .correlate(CaseBlock)
    )


def list_blocks_of(actor: Actor, case_id: int) -> list[BlockRow]:
    """The live blocks of one case that somebody has set by hand, for its own team."""
    by_hand = sa.and_(CaseBlock.case_id == case_id, sa.not_(set_by_the_list()))
    statement = _block_rows(actor).where(by_hand).order_by(CaseBlock.id.desc()).limit(PAGE_SIZE)
    return [BlockRow(*row) for row in db.session.execute(statement)]


def of_case(case_id: int) -> sa.ColumnElement[bool]:
    """Blocks of one case that the caller has been let into."""
    return CaseBlock.case_id == case_id


def find_own_case(actor: Actor, reference: str) -> Case | None:
    """A case of the officer's organisation by its reference, or None."""
    return db.session.scalar(sa.select(Case).where(Case.reference == reference.strip(), own_cases(actor)))


def get_block(public_id: str, condition: sa.ColumnElement[bool]) -> CaseBlock:
    """A live block of a case that the condition lets through. Raises NotFound."""
    found = db.session.scalar(
        sa.select(CaseBlock)
        .join(Case, Case.id == CaseBlock.case_id)
        .where(CaseBlock.public_id == public_id, CaseBlock.ended_at.is_(None), condition)
    )
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class HitRow:
    """An account that may be somebody on the watch list."""

    id: int
    public_id: str
    reference: str
    relation: WatchedRelation
    watched: str | None
    account: str
    organisation: str | None
    role: Role | None
    matched_by: tuple[WatchMatch, ...]
    found_at: datetime
    state: HitState


def list_hits(actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE) -> tuple[list[HitRow], str | None]:
    """Matches with the watch list of the organisation's cases, the newest first. ValueError for a bad cursor."""
    newest = (
        sa.select(Membership.id)
        .where(Membership.user_id == WatchHit.user_id)
        .order_by(Membership.ended_at.is_(None).desc(), Membership.id.desc())
        .limit(1)
        .correlate(WatchHit)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            WatchHit.id,
            WatchHit.public_id,
            Case.reference,
            WatchedPerson.relation,
            WatchedPerson.name,
            User.name,
            Organisation.name,
            Membership.role,
            WatchHit.matched_by,
            WatchHit.found_at,
            WatchHit.state,
        )
        .join(WatchedPerson, WatchedPerson.id == WatchHit.watched_person_id)
        .join(Case, Case.id == WatchedPerson.case_id)
        .join(User, User.id == WatchHit.user_id)
        .outerjoin(Membership, Membership.id == newest)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(own_cases(actor))
        .order_by(WatchHit.id.desc())
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(WatchHit.id < decode(after, int)[0])
    rows = [_hit(row) for row in db.session.execute(statement)]
    return rows[:limit], encode(rows[limit - 1].id) if len(rows) > limit else None


def _hit(row: Any) -> HitRow:
    values = dict(zip(HitRow.__dataclass_fields__, row, strict=True))
    return HitRow(**values | {"matched_by": tuple(WatchMatch(one) for one in row.matched_by)})


def get_hit(actor: Actor, public_id: str) -> WatchHit:
    """A match about a case of the officer's organisation. Raises NotFound."""
    found = db.session.scalar(
        sa.select(WatchHit)
        .join(WatchedPerson, WatchedPerson.id == WatchHit.watched_person_id)
        .join(Case, Case.id == WatchedPerson.case_id)
        .where(WatchHit.public_id == public_id, own_cases(actor))
    )
    if found is None:
        raise NotFound
    return found


def each_account(*, step: int = 500) -> Iterator[list[tuple[int, str, str]]]:
    """All active accounts as (id, name, e-mail), in portions."""
    last = 0
    while True:
        rows = db.session.execute(
            sa.select(User.id, User.name, User.email)
            .where(User.id > last, User.is_active)
            .order_by(User.id)
            .limit(step)
        ).all()
        if not rows:
            return
        yield [(row.id, row.name, row.email) for row in rows]
        last = rows[-1].id
