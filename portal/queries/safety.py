"""Blocks, as safety officers and the team of the case see them; and what these services ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.db import db
from portal.domain.enrolments import LIVE
from portal.models.access import CaseBlock, WatchedPerson, WatchHit
from portal.models.cases import Case, TeamMember
from portal.models.enrolments import Enrolment
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.queries.barriers import is_open_to
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.wall import as_system


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
    is_by_list: bool
    is_by_herself: bool


def _block_rows() -> sa.Select[*tuple[Any, ...]]:
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
            set_by_the_list(),
            set_by_herself(),
        )
        .join(Case, Case.id == CaseBlock.case_id)
        .join(setter, setter.id == CaseBlock.created_by_id)
        .outerjoin(User, User.id == CaseBlock.user_id)
        .outerjoin(Organisation, Organisation.id == CaseBlock.organisation_id)
        .where(CaseBlock.ended_at.is_(None))
    )


def list_blocks(actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE) -> tuple[list[BlockRow], str | None]:
    """The live blocks of the organisation's cases, the newest first. Raises ValueError for a bad cursor."""
    statement = _block_rows().where(own_cases(actor)).order_by(CaseBlock.id.desc()).limit(limit + 1)
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


def list_closed_to(organisation_id: int) -> Sequence[Case]:
    """The cases that a house is kept out of."""
    blocked = sa.select(CaseBlock.case_id).where(
        CaseBlock.organisation_id == organisation_id, CaseBlock.ended_at.is_(None)
    )
    return db.session.scalars(sa.select(Case).where(Case.id.in_(blocked)).order_by(Case.id)).all()


def set_by_herself() -> sa.ColumnElement[bool]:
    """Blocks of volunteers who said that they know her: nobody keeps herself out in another way (R-611)."""
    return sa.and_(CaseBlock.user_id.is_not(None), CaseBlock.user_id == CaseBlock.created_by_id)


def unseen_by_the_team() -> sa.ColumnElement[bool]:
    """Blocks that the case's team neither sees nor agrees to lift."""
    return sa.or_(set_by_the_list(), set_by_herself())


def is_unseen(block: CaseBlock) -> bool:
    """Whether a match with the watch list, or the account itself, has set this block."""
    found = sa.select(CaseBlock.id).where(CaseBlock.id == block.id, unseen_by_the_team())
    return db.session.scalar(found) is not None


def of_case(case_id: int) -> sa.ColumnElement[bool]:
    """Blocks of one case that the caller has been let into."""
    return CaseBlock.case_id == case_id


def find_own_case(actor: Actor, reference: str) -> Case | None:
    """A case of the officer's organisation by its reference, or None."""
    return db.session.scalar(sa.select(Case).where(Case.reference == reference.strip(), own_cases(actor)))


@as_system()
def has_part(case: Case, organisation: Organisation) -> bool:
    """Whether an organisation works in a case now, or is a municipality that answers or pays for her."""
    if organisation.municipality_code in {case.responsible_municipality_code, case.paying_municipality_code} - {None}:
        return True
    on_team = sa.exists().where(
        TeamMember.case_id == case.id,
        TeamMember.organisation_id == organisation.id,
        TeamMember.ended_at.is_(None),
    )
    gives_course = sa.exists().where(
        Enrolment.case_id == case.id, Enrolment.organisation_id == organisation.id, Enrolment.state.in_(LIVE)
    )
    return bool(db.session.scalar(sa.select(sa.or_(on_team, gives_course))))


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
