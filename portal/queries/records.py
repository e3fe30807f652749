"""What goes to a municipality's own records: its part of a case, within a period. Callers have got the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, undefer

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.kinds import ContactMode, ContactResult, NeedArea
from portal.core.papers import PaperKind, PaperState
from portal.db import db
from portal.domain.cases import Lens
from portal.models.cases import Case, Note
from portal.models.counselling import CoordinatingCounselling
from portal.models.documents import CaseDocument
from portal.models.stays import StatutoryNotice
from portal.models.users import Membership, User
from portal.queries import counselling
from portal.queries.documents import given_to
from portal.queries.notes import readable
from portal.queries.slips import is_withdrawn

MOST_NOTES = 2000


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A note of the journal, with both its days and in which role it was written."""

    public_id: str
    happened_at: datetime
    is_day_only: bool
    written_at: datetime
    author: str
    role: Role | None
    mode: ContactMode | None
    result: ContactResult | None
    minutes: int | None
    themes: Sequence[str]
    text: str | None
    corrects: str | None
    is_withdrawal: bool


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """A contact within the counselling; what was written of it stands in the journal, for whoever reads it there."""

    happened_at: datetime
    mode: ContactMode | None
    result: ContactResult | None
    minutes: int | None
    areas: Sequence[NeedArea]
    by: str


@dataclass(frozen=True, slots=True)
class CounsellingRecord:
    """The coordinating counselling, as it stands, with its contacts and what other authorities have promised."""

    row: CoordinatingCounselling
    offered_by: str | None
    extension_reason: str | None
    approved_by: str | None
    contacts: Sequence[ContactRecord]
    promises: Sequence[counselling.Promise]
    former: Sequence[counselling.Former]


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A notice that was due to the municipality."""

    public_id: str
    kind: str
    due_on: date
    sent_on: date | None


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document: what it is, about what, of which day, and in which role it was put here."""

    key: int
    public_id: str
    kind: PaperKind
    theme: str | None
    dated_on: date
    added_at: datetime
    role: Role | None
    size: int


def _role_of(user_id: Any, organisation_id: Any) -> sa.ScalarSelect[Role]:
    """In which role somebody works at an organisation: the newest where there are several."""
    return (
        sa.select(Membership.role)
        .where(Membership.user_id == user_id, Membership.organisation_id == organisation_id)
        .order_by(Membership.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _days(column: Any, first: date, last: date) -> sa.ColumnElement[bool]:
    day = sa.cast(sa.func.timezone("Europe/Copenhagen", column), sa.Date)
    return day.between(first, last)


def list_notes(actor: Actor, case: Case, seen: Lens, first: date, last: date) -> list[NoteRecord]:
    """The notes that happened within the period, the oldest first: all of the own case, the own ones of another's."""
    corrected = aliased(Note)
    rows = db.session.execute(
        sa.select(Note, User.name, _role_of(Note.author_id, Note.organisation_id), corrected.public_id)
        .join(User, User.id == Note.author_id)
        .outerjoin(corrected, sa.and_(corrected.id == Note.corrects_id, corrected.aside.is_(None)))
        .where(_within(actor, case, seen, first, last), readable(actor))
        .order_by(Note.happened_at, Note.id)
        .limit(MOST_NOTES)
    )
    return [
        NoteRecord(
            note.public_id,
            note.happened_at,
            note.is_day_only,
            note.written_at,
            author,
            role,
            note.mode,
            note.result,
            note.minutes,
            note.themes,
            note.text,
            before,
            note.is_withdrawal,
        )
        for note, author, role, before in rows
    ]


def count_kept_back(actor: Actor, case: Case, seen: Lens, first: date, last: date) -> int:
    """How many of those notes are written for fewer than the actor (R-811): what goes says that they are missing."""
    notes = sa.select(sa.func.count(Note.id)).where(_within(actor, case, seen, first, last), ~readable(actor))
    return db.session.scalar(notes) or 0


def _within(actor: Actor, case: Case, seen: Lens, first: date, last: date) -> sa.ColumnElement[bool]:
    whose = sa.true() if seen.sees_all_tracks else Note.organisation_id == actor.organisation_id
    # Nothing of a note that was put aside or taken out.
    return sa.and_(Note.case_id == case.id, Note.aside.is_(None), whose, _days(Note.happened_at, first, last))


def find_counselling(case: Case, first: date, last: date) -> CounsellingRecord | None:
    """The coordinating counselling that counts now: it is the municipality's, whoever owns the case (R-869).

    Its contacts are those of the period, also other houses': without what was written of them.
    """
    row = counselling.find(case.id)
    if row is None:
        return None
    names = counselling.names_of(row.offered_by_id, row.extension_approved_by_id)
    return CounsellingRecord(
        row,
        names.get(row.offered_by_id or 0),
        row.extension_reason,
        names.get(row.extension_approved_by_id or 0),
        _contacts(row, first, last),
        counselling.list_promises(case.id),
        counselling.list_former(case.id),
    )


def _contacts(row: CoordinatingCounselling, first: date, last: date) -> list[ContactRecord]:
    rows = db.session.execute(
        sa.select(Note.happened_at, Note.mode, Note.result, Note.minutes, Note.themes, User.name)
        .join(User, User.id == Note.author_id)
        .where(counselling.is_within(row), _days(Note.happened_at, first, last))
        .where(Note.aside.is_(None), ~Note.is_withdrawal, ~is_withdrawn())
        .order_by(Note.happened_at, Note.id)
        .limit(MOST_NOTES)
    )
    return [
        ContactRecord(at, mode, result, minutes, [area for area in NeedArea if area.value in themes], by)
        for at, mode, result, minutes, themes, by in rows
    ]


def list_notices(case: Case, first: date, last: date) -> list[NoticeRecord]:
    """The notices that were due within the period."""
    rows = db.session.scalars(
        sa.select(StatutoryNotice)
        .where(StatutoryNotice.case_id == case.id, StatutoryNotice.due_on.between(first, last))
        .order_by(StatutoryNotice.due_on, StatutoryNotice.id)
    )
    return [NoticeRecord(row.public_id, row.kind, row.due_on, row.sent_on) for row in rows]


def list_papers(actor: Actor, case: Case, seen: Lens, first: date, last: date) -> list[DocumentRecord]:
    """The documents of the period that the reader is given and that can be opened, the oldest first."""
    rows = db.session.execute(
        sa.select(CaseDocument, _role_of(CaseDocument.added_by_id, CaseDocument.organisation_id))
        .where(
            given_to(actor, case, seen),
            CaseDocument.state == PaperState.CLEAN,
            CaseDocument.dated_on.between(first, last),
        )
        .order_by(CaseDocument.dated_on, CaseDocument.id)
    )
    return [
        DocumentRecord(one.id, one.public_id, one.kind, one.theme, one.dated_on, one.added_at, role, one.size)
        for one, role in rows
    ]


def get_paper(key: int) -> CaseDocument:
    """One document with its content."""
    statement = sa.select(CaseDocument).where(CaseDocument.id == key).options(undefer(CaseDocument.content))
    return db.session.scalars(statement).one()
