"""What has been in a case, as one statement over several tables."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup as F
from portal.domain.disclosure import Relation
from portal.models.cases import Note
from portal.models.children import MeetingChild, NoteChild
from portal.models.contacts import OutsideContact
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.queries import past_parts as parts_of
from portal.queries.paging import decode, encode

PAST = 20


@dataclass(frozen=True, slots=True)
class Past:
    """One thing that has been: a note, a contact, a meeting, or an event in the case."""

    at: datetime
    source: str
    public_id: str | None
    what: str | None
    outcome: str | None
    minutes: int | None
    number: int | None
    themes: tuple[str, ...]
    text: str | None
    who: str | None
    programme: tuple[str, str] | None
    corrects: bool
    # Public ids of the children that it is about; none: the family, or her.
    children: tuple[str, ...] = ()
    # When a note was entered; None for what was not written down by somebody.
    written_at: datetime | None = None
    # "undoes": takes a contact back; "undone": a contact that was taken back.
    slip: str | None = None


def list_past(
    actor: Actor, case_id: int, seen: Lens, *, after: str | None = None, limit: int = PAST, child_id: int | None = None
) -> tuple[list[Past], str | None]:
    """What has been in a case, newest first, and the cursor of what was before. Notes only where the lens opens them.

    With `child_id` through that child's own lens: its own and the family's, never what is about a brother or sister
    alone (R-643). Raises ValueError for a bad cursor.
    """
    notes, parts = _notes_and_parts(case_id, seen, child_id)
    own = None if seen.sees_all_tracks else actor.organisation_id
    if own is not None:
        parts = [part.where(_organisation_of(number) == own) for number, part in enumerate(parts)]
    else:
        parts += [parts_of.events(case_id, seen), parts_of.activities(case_id)]
    # Always in the union, so that the sealed columns keep their types; empty where the lens is closed.
    outside = parts_of.outside(case_id)
    if not seen.shows(F.NOTE_CASE):
        notes = notes.where(Note.organisation_id == actor.organisation_id if _writes(seen) else sa.false())
        of_house = OutsideContact.organisation_id == actor.organisation_id
        outside = outside.where(of_house if _writes(seen) else sa.false())
    if not seen.shows(F.CALENDAR_ENTRY):
        parts = [part.where(sa.false()) for part in parts]
    both = sa.union_all(notes, outside, *parts).subquery()
    statement = sa.select(both).order_by(both.c.at.desc(), both.c.source.desc(), both.c.id.desc()).limit(limit + 1)
    if after:
        cursor = decode(after, datetime, str, int)
        statement = statement.where(sa.tuple_(both.c.at, both.c.source, both.c.id) < cursor)
    rows = db.session.execute(statement).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return [_past(row) for row in rows[:limit]], encode(last.at, last.source, last.id) if last else None


def _notes_and_parts(case_id: int, seen: Lens, child_id: int | None) -> tuple[sa.Select[Any], list[sa.Select[Any]]]:
    notes, meetings = parts_of.notes(case_id), parts_of.meetings(case_id)
    parts = [meetings, parts_of.group_meetings(case_id), *parts_of.courses(case_id)]
    if child_id is not None:
        notes = notes.where(parts_of.about(NoteChild, Note.id, child_id))
        parts[0] = meetings.where(parts_of.about(MeetingChild, Meeting.id, child_id))
        parts.append(parts_of.hours(case_id, child_id))
        if seen.shows(F.OUTCOME_SCORES):
            parts.append(parts_of.measures(case_id))
    return notes, parts


def _writes(seen: Lens) -> bool:
    """Whether the reader sees what her own house wrote: on the team, while the case still tells (M6)."""
    return seen.relation is Relation.CT and seen.shows(F.CALENDAR_ENTRY)


def _organisation_of(number: int) -> Any:
    return Meeting.organisation_id if number < 2 else Enrolment.organisation_id


def _past(row: Any) -> Past:
    return Past(
        at=row.at,
        source=row.source,
        public_id=row.public_id,
        what=row.what,
        outcome=row.outcome,
        minutes=row.minutes,
        number=row.number,
        themes=tuple(row.themes or ()),
        text=row.text or row.said,
        who=row.who,
        programme=(row.name_da, row.name_en) if row.name_da else None,
        corrects=bool(row.corrects),
        children=tuple(row.children or ()),
        written_at=row.written,
        slip=row.slip,
    )
