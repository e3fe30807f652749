"""What has been in a case, as one statement over several tables."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.notes import NoteAside
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup as F
from portal.domain.misplaced import MOST_ASIDE
from portal.domain.notes import MOST_PINNED
from portal.models.cases import Note
from portal.models.children import MeetingChild, NoteChild
from portal.models.contacts import OutsideContact
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.queries import past_notes, past_stays, team_history
from portal.queries import past_parts as parts_of
from portal.queries.paging import decode, encode

PAST = 20


@dataclass(frozen=True, slots=True)
class Corrected:
    """The note that a correction names: when it happened, and who wrote it."""

    public_id: str
    at: datetime
    is_day_only: bool
    who: str


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
    # Which note it corrects and by which it is corrected, where the reader reads that one.
    before: Corrected | None = None
    corrected_by: str | None = None
    # Its day is known, and no hour.
    is_day_only: bool = False
    # Whether it was written about a meeting.
    of_meeting: bool = False
    # Public ids of the children that it is about; none: the family, or her.
    children: tuple[str, ...] = ()
    # When a note was entered; None for what was not written down by somebody.
    written_at: datetime | None = None
    talk: str | None = None
    took_part: tuple[str, ...] = ()
    # Who reads a note; None for what is no note.
    readers: str | None = None
    is_pinned: bool = False
    # "undoes": takes a contact back; "undone": a contact that was taken back.
    slip: str | None = None
    # Whether a note was moved here from another case, and what has been put aside or taken out of this one.
    is_moved_in: bool = False
    aside: NoteAside | None = None
    because: str | None = None
    asked_by: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    # To whom the case was given, or who joined or left the team, and of which organisation.
    whom: str | None = None
    house: str | None = None


@dataclass(frozen=True, slots=True)
class PastPage:
    """One page of what has been, the cursor of what was before, and what stands above it."""

    rows: list[Past]
    following: str | None
    pinned: list[Past]
    # Notes that wait for a second person.
    waiting: list[Past]


def list_past(
    actor: Actor,
    case_id: int,
    seen: Lens,
    *,
    after: str | None = None,
    limit: int = PAST,
    child_id: int | None = None,
    pins_first: bool = False,
) -> PastPage:
    """What has been in a case, newest first. Notes only where the lens opens them and they are written for the reader.

    With `child_id` through that child's own lens: its own and the family's, never what is about a brother or sister
    alone (R-643). With `pins_first` what is pinned (R-812) or waits for a second person (R-821) stands apart on the
    first page. Raises ValueError for a bad cursor.
    """
    both = _union(actor, case_id, seen, child_id)
    order = [both.c.at.desc(), both.c.source.desc(), both.c.id.desc()]
    statement = sa.select(both)
    if after:
        cursor = decode(after, datetime, str, int)
        statement = statement.where(sa.tuple_(both.c.at, both.c.source, both.c.id) < cursor)
    elif pins_first:
        order.insert(0, sa.func.coalesce(sa.or_(both.c.pinned, both.c.aside == NoteAside.WAITS), False).desc())
    rows = db.session.execute(statement.order_by(*order).limit(limit + 1 + MOST_PINNED + MOST_ASIDE)).all()
    first = [row for row in rows if row.pinned or row.aside == NoteAside.WAITS] if pins_first and not after else []
    shown = rows[len(first) :]
    pinned, waiting = ([_past(row) for row in first if bool(row.pinned) is is_pin] for is_pin in (True, False))
    last = shown[limit - 1] if len(shown) > limit else None
    following = encode(last.at, last.source, last.id) if last else None
    return PastPage([_past(row) for row in shown[:limit]], following, pinned, waiting)


def _union(actor: Actor, case_id: int, seen: Lens, child_id: int | None) -> sa.Subquery:
    notes, parts = _notes(actor, case_id, seen, child_id), _parts(case_id, seen, child_id)
    own = None if seen.sees_all_tracks else actor.organisation_id
    if own is not None:
        parts = [part.where(_organisation_of(number) == own) for number, part in enumerate(parts)]
    else:
        parts += [parts_of.events(case_id, seen), parts_of.activities(case_id), *past_stays.stays(case_id)]
        parts += team_history.parts(actor, case_id) if child_id is None else []
    # Always in the union, so that the sealed columns keep their types; empty where the lens is closed.
    outside = parts_of.outside(case_id)
    if not seen.shows(F.NOTE_CASE):
        of_house = OutsideContact.organisation_id == actor.organisation_id
        outside = outside.where(of_house if seen.reads_own_house else sa.false())
    if not seen.shows(F.CALENDAR_ENTRY):
        parts = [part.where(sa.false()) for part in parts]
    return sa.union_all(notes, outside, *parts).subquery()


def _notes(actor: Actor, case_id: int, seen: Lens, child_id: int | None) -> sa.Select[Any]:
    notes = past_notes.notes(actor, case_id)
    if child_id is not None:
        notes = notes.where(parts_of.about(NoteChild, Note.id, child_id), Note.aside.is_(None))
    if not seen.shows(F.NOTE_CASE):
        notes = notes.where(Note.organisation_id == actor.organisation_id if seen.reads_own_house else sa.false())
    return notes


def _parts(case_id: int, seen: Lens, child_id: int | None) -> list[sa.Select[Any]]:
    meetings = parts_of.meetings(case_id, seen)
    parts = [meetings, parts_of.group_meetings(case_id), *parts_of.courses(case_id)]
    if child_id is not None:
        parts[0] = meetings.where(parts_of.about(MeetingChild, Meeting.id, child_id))
        parts.append(parts_of.hours(case_id, child_id))
        if seen.shows(F.OUTCOME_SCORES):
            parts.append(parts_of.measures(case_id))
    return parts


def _organisation_of(number: int) -> Any:
    return Meeting.organisation_id if number < 2 else Enrolment.organisation_id


def _before(row: Any) -> Corrected | None:
    if row.corrects_id is None:
        return None
    return Corrected(row.corrects_id, row.corrects_at, bool(row.corrects_day), row.corrects_who)


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
        text=row.text or row.said or row.told,
        who=row.who,
        programme=(row.name_da, row.name_en) if row.name_da else None,
        corrects=bool(row.corrects),
        before=_before(row),
        corrected_by=row.corrected_by,
        is_day_only=bool(row.day_only),
        of_meeting=bool(row.of_meeting),
        children=tuple(row.children or ()),
        written_at=row.written,
        talk=row.talk,
        took_part=tuple(row.took_part or ()),
        readers=row.readers,
        is_pinned=bool(row.pinned),
        slip=row.slip,
        is_moved_in=bool(row.moved),
        aside=NoteAside(row.aside) if row.aside else None,
        because=row.because,
        asked_by=row.asked_by,
        decided_by=row.decided_by,
        decided_at=row.decided,
        whom=row.whom,
        house=row.house,
    )
