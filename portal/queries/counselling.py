"""Reading the statutory counselling and the ledgers of hours."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.db import db
from portal.models.counselling import CoordinatingCounselling, HourEntitlement, HourEntry
from portal.models.users import Membership, User
from portal.queries.barriers import blocked_cases


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ledger; a correction has negative minutes."""

    public_id: str
    held_on: date
    minutes: int
    is_correction: bool
    is_taken_back: bool
    authorisation: str | None
    registered_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The hours of one person: hers, or a child's by year of birth."""

    public_id: str
    is_child: bool
    child_name: str | None
    birth_year: int | None
    minutes_total: int
    minutes_used: int
    version: int
    entries: list[Entry]

    @property
    def minutes_left(self) -> int:
        """What can still be used."""
        return self.minutes_total - self.minutes_used


@dataclass(frozen=True, slots=True)
class Extension:
    """The extension of a counselling as it stands: until when, why, and who approved it."""

    until: date | None
    reason: str
    approved_by_id: int | None


@dataclass(frozen=True, slots=True)
class Colleague:
    user_id: int
    public_id: str
    name: str


def find(case_id: int) -> CoordinatingCounselling | None:
    """The counselling of a case that the actor has been let in to; None when nothing is on record."""
    return db.session.scalar(
        sa.select(CoordinatingCounselling)
        .where(CoordinatingCounselling.case_id == case_id)
        .execution_options(populate_existing=True)
    )


def get(case_id: int) -> CoordinatingCounselling:
    """As `find`. Raises NotFound when nothing is on record."""
    found = find(case_id)
    if found is None:
        raise NotFound
    return found


def extension_of(counselling: CoordinatingCounselling | None) -> Extension | None:
    """The extension of a counselling that `find` has found; None where there is none."""
    if counselling is None or counselling.extension_reason is None:
        return None
    return Extension(counselling.planned_end_on, counselling.extension_reason, counselling.extension_approved_by_id)


def list_colleagues(actor: Actor, case_id: int) -> list[Colleague]:
    """Who else works at the actor's organisation and may know of the case: one of them approves an extension."""
    rows = db.session.execute(
        sa.select(User.id, User.public_id, User.name)
        .distinct()
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == actor.organisation_id,
            Membership.is_live,
            User.is_active,
            User.id != actor.user_id,
            sa.literal(case_id).not_in(blocked_cases(User.id)),
        )
        .order_by(User.id)
        .limit(100)
    )
    return [Colleague(*row) for row in rows]


def names_of(*user_ids: int | None) -> dict[int, str]:
    """Names of colleagues by their key, for a page."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    rows = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def list_ledgers(enrolment_id: int) -> list[Ledger]:
    """The ledgers of a course with their entries, hers first: two statements."""
    rows = db.session.scalars(
        sa.select(HourEntitlement)
        .where(HourEntitlement.enrolment_id == enrolment_id)
        .options(joinedload(HourEntitlement.child))
        .order_by(HourEntitlement.child_id.asc().nulls_first())
        .execution_options(populate_existing=True)
    ).all()
    entries: dict[int, list[Entry]] = {row.id: [] for row in rows}
    taken_back = aliased(HourEntry)
    found = db.session.execute(
        sa.select(HourEntry, User.name, sa.exists().where(taken_back.corrects_id == HourEntry.id))
        .join(User, User.id == HourEntry.registered_by_id)
        .where(HourEntry.entitlement_id.in_(list(entries)))
        .order_by(HourEntry.held_on.desc(), HourEntry.id.desc())
        .limit(500)
    )
    for entry, name, is_taken_back in found:
        entries[entry.entitlement_id].append(_entry(entry, name, is_taken_back))
    return [
        Ledger(
            row.public_id,
            row.child_id is not None,
            row.child.name if row.child else None,
            row.child.birth_year if row.child else None,
            row.minutes_total,
            row.minutes_used,
            row.version,
            entries[row.id],
        )
        for row in rows
    ]


def _entry(entry: HourEntry, name: str, is_taken_back: bool) -> Entry:
    return Entry(
        entry.public_id,
        entry.held_on,
        entry.minutes,
        entry.corrects_id is not None,
        is_taken_back,
        entry.authorisation,
        entry.registered_at,
        name,
    )
