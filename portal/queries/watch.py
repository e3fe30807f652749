"""The watch list: who stands on it, which accounts were met, and what its services ask."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.safety import HitState, WatchedRelation, WatchMatch
from portal.db import db
from portal.models.access import WatchedPerson, WatchHit
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.safety import own_cases

# What stands on the list about somebody, and in which case: the same in both lists of the desk.
KNOWN = (Case.reference, WatchedPerson.relation, WatchedPerson.name, WatchedPerson.email, WatchedPerson.phone)


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """Somebody on the list of a case, for the safety officer."""

    id: int
    public_id: str
    reference: str
    relation: WatchedRelation
    name: str | None
    email: str | None
    phone: str | None
    created_at: datetime
    set_by: str
    reason: str | None
    lift_asked_at: datetime | None
    # An account was met, and the officer has still to say whether it is the same person.
    has_open_hit: bool


def list_watched(
    actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[WatchedRow], str | None]:
    """Who stands on the list of a case of the officer's organisation, the newest first. ValueError for a bad cursor."""
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            WatchedPerson.id,
            WatchedPerson.public_id,
            *KNOWN,
            WatchedPerson.created_at,
            User.name,
            WatchedPerson.reason,
            WatchedPerson.lift_asked_at,
            _open_hits(WatchedPerson.id),
        )
        .join(Case, Case.id == WatchedPerson.case_id)
        .join(User, User.id == WatchedPerson.created_by_id)
        .where(WatchedPerson.ended_at.is_(None), own_cases(actor))
        .order_by(WatchedPerson.id.desc())
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(WatchedPerson.id < decode(after, int)[0])
    rows = [WatchedRow(*row) for row in db.session.execute(statement)]
    return rows[:limit], encode(rows[limit - 1].id) if len(rows) > limit else None


def of_case(case_id: int) -> sa.ColumnElement[bool]:
    """Somebody on the list of a case that the caller has been let into."""
    return WatchedPerson.case_id == case_id


def get_watched(public_id: str, condition: sa.ColumnElement[bool]) -> WatchedPerson:
    """Somebody on the list of a case that the condition lets through. Raises NotFound."""
    found = db.session.scalar(
        sa.select(WatchedPerson)
        .join(Case, Case.id == WatchedPerson.case_id)
        .where(WatchedPerson.public_id == public_id, WatchedPerson.ended_at.is_(None), condition)
        .with_for_update(of=WatchedPerson)
    )
    if found is None:
        raise NotFound
    return found


def find_watched(case_id: int, relation: WatchedRelation, indexes: Mapping[str, bytes | None]) -> WatchedPerson | None:
    """Who stands on the list of a case already, by the same relation and exactly the same facts."""
    same = [getattr(WatchedPerson, column).is_not_distinct_from(index) for column, index in indexes.items()]
    return db.session.scalar(
        sa.select(WatchedPerson).where(
            WatchedPerson.case_id == case_id,
            WatchedPerson.relation == relation,
            WatchedPerson.ended_at.is_(None),
            *same,
        )
    )


def has_open_hit(person: WatchedPerson) -> bool:
    """Whether the officer has still to say if an account is this person."""
    return bool(db.session.scalar(sa.select(_open_hits(person.id))))


def _open_hits(watched_person_id: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(WatchHit.watched_person_id == watched_person_id, WatchHit.state == HitState.OPEN)


@dataclass(frozen=True, slots=True)
class HitRow:
    """An account that may be somebody on the watch list."""

    id: int
    public_id: str
    reference: str
    relation: WatchedRelation
    name: str | None
    email: str | None
    phone: str | None
    account: str
    organisation: str | None
    role: Role | None
    found_at: datetime
    state: HitState
    matched_by: tuple[WatchMatch, ...]


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
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            WatchHit.id,
            WatchHit.public_id,
            *KNOWN,
            User.name,
            Organisation.name,
            Membership.role,
            WatchHit.found_at,
            WatchHit.state,
            WatchHit.matched_by,
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
    rows = [
        replace(HitRow(*row), matched_by=tuple(WatchMatch(one) for one in row.matched_by))
        for row in db.session.execute(statement)
    ]
    return rows[:limit], encode(rows[limit - 1].id) if len(rows) > limit else None


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
