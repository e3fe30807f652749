"""Reading the statutory counselling and the ledgers of hours."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.kinds import ContactMode, ContactResult, NeedArea
from portal.core.states import CounsellingState
from portal.db import db
from portal.models.cases import Note
from portal.models.counselling import CoordinatingCounselling, CounsellingPromise, HourEntitlement, HourEntry
from portal.models.users import Membership, User
from portal.queries.barriers import blocked_cases
from portal.queries.notes import readable
from portal.queries.slips import is_withdrawn

MOST = 50


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
    """The counselling of a case that counts now, for whom has been let in to it; None when nothing is on record."""
    return db.session.scalar(
        sa.select(CoordinatingCounselling)
        .where(CoordinatingCounselling.case_id == case_id, CoordinatingCounselling.is_current)
        .execution_options(populate_existing=True)
    )


def get(case_id: int) -> CoordinatingCounselling:
    """As `find`. Raises NotFound when nothing is on record."""
    found = find(case_id)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact within the counselling."""

    at: datetime
    mode: ContactMode | None
    result: ContactResult | None
    minutes: int | None
    areas: list[NeedArea]
    text: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What an authority has promised, and whether it did it."""

    public_id: str
    area: NeedArea
    authority: str
    promised: str
    promised_on: date
    due_on: date
    settled_on: date | None
    is_kept: bool | None


@dataclass(frozen=True, slots=True)
class Former:
    """The counselling after an earlier stay."""

    left_on: date | None
    state: CounsellingState
    offered_on: date | None
    started_on: date | None
    ended_on: date | None
    end_reason: str | None


def list_contacts(
    actor: Actor, counselling: CoordinatingCounselling, *, organisation_id: int | None, reads_all: bool
) -> list[Contact]:
    """The last contacts within a counselling that `find` has found, the newest first; also those logged in its course.

    What another organisation wrote is read by those alone who read the journal of the whole case (R-113), and what is
    written for fewer by them (R-811).
    """
    rows = db.session.execute(
        sa.select(Note, User.name, readable(actor))
        .join(User, User.id == Note.author_id)
        .where(is_within(counselling), Note.aside.is_(None), ~Note.is_withdrawal, ~is_withdrawn())
        .order_by(Note.happened_at.desc(), Note.id.desc())
        .limit(MOST)
    )
    return [
        _contact(note, name, is_for_her and (reads_all or note.organisation_id == organisation_id))
        for note, name, is_for_her in rows
    ]


def is_within(counselling: CoordinatingCounselling) -> sa.ColumnElement[bool]:
    """Logged on the page of the counselling, or in the journal as a contact of the course that gives it (R-673)."""
    of_course = sa.and_(Note.enrolment_id == counselling.enrolment_id, Note.mode.is_not(None))
    return sa.and_(Note.case_id == counselling.case_id, sa.or_(Note.counselling_id == counselling.id, of_course))


def _contact(note: Note, by: str, reads: bool) -> Contact:
    areas = [area for area in NeedArea if area.value in note.themes]
    text = note.text if reads else None
    return Contact(note.happened_at, note.mode, note.result, note.minutes, areas, text, by)


def list_promises(case_id: int) -> list[Promise]:
    """What authorities have promised in a case that the actor has been let in to, what is open first."""
    rows = db.session.execute(
        sa.select(
            CounsellingPromise.public_id,
            CounsellingPromise.area,
            CounsellingPromise.authority,
            CounsellingPromise.promised,
            CounsellingPromise.promised_on,
            CounsellingPromise.due_on,
            CounsellingPromise.settled_on,
            CounsellingPromise.is_kept,
        )
        .where(CounsellingPromise.case_id == case_id)
        .order_by(CounsellingPromise.settled_on.is_not(None), CounsellingPromise.due_on, CounsellingPromise.id)
        .limit(MOST)
    )
    return [Promise(*row) for row in rows]


def get_promise(case_id: int, public_id: str) -> tuple[CounsellingPromise, CoordinatingCounselling]:
    """A promise of a case that the actor has been let in to, with its counselling. Raises NotFound."""
    row = db.session.execute(
        sa.select(CounsellingPromise, CoordinatingCounselling)
        .join(CoordinatingCounselling, CoordinatingCounselling.id == CounsellingPromise.counselling_id)
        .where(CounsellingPromise.public_id == public_id, CounsellingPromise.case_id == case_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def list_former(case_id: int) -> list[Former]:
    """The counselling after her earlier stays, the newest first."""
    one = CoordinatingCounselling
    rows = db.session.execute(
        sa.select(one.left_on, one.state, one.offered_on, one.started_on, one.ended_on, one.end_reason)
        .where(one.case_id == case_id, one.is_current.is_(False))
        .order_by(one.id.desc())
        .limit(MOST)
    )
    return [Former(*row) for row in rows]


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
