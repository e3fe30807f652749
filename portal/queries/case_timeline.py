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
from portal.queries.clauses import built_once
from portal.queries.paging import decode, encode

PAST = 20
# After which row the page goes on.
AFTER = sa.tuple_(
    sa.bindparam("after_at", type_=sa.TIMESTAMP(timezone=True)),
    sa.bindparam("after_source", type_=sa.Text),
    sa.bindparam("after_id", type_=sa.BigInteger),
)


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
    asked: dict[str, Any] = {"case_id": case_id, "child_id": child_id}
    if after:
        at, source, key = decode(after, datetime, str, int)
        asked |= {"after_at": at, "after_source": source, "after_id": key}
    shape = {"of_child": child_id is not None, "pins_first": pins_first and not after, "goes_on": bool(after)}
    rows = db.session.execute(_statement(actor, seen, limit + 1 + MOST_PINNED + MOST_ASIDE, **shape), asked).all()
    first = [row for row in rows if row.pinned or row.aside == NoteAside.WAITS] if pins_first and not after else []
    shown = rows[len(first) :]
    pinned, waiting = ([_past(row) for row in first if bool(row.pinned) is is_pin] for is_pin in (True, False))
    last = shown[limit - 1] if len(shown) > limit else None
    following = encode(last.at, last.source, last.id) if last else None
    return PastPage([_past(row) for row in shown[:limit]], following, pinned, waiting)


@built_once
def _statement(
    actor: Actor, seen: Lens, limit: int, *, of_child: bool, pins_first: bool, goes_on: bool
) -> sa.Select[Any]:
    """The page of whichever case for this reader. Each part is cut for itself, so a long case is not opened whole."""
    parts = [_cut(part, limit, goes_on=goes_on) for part in _others(actor, seen, of_child=of_child)]
    notes = _cut(_notes(actor, seen, of_child=of_child), limit, goes_on=goes_on, pins_first=pins_first)
    both = sa.union_all(notes, *parts).subquery()
    order = [both.c.at.desc(), both.c.source.desc(), both.c.id.desc()]
    if pins_first:
        order.insert(0, _is_first(both.c.pinned, both.c.aside).desc())
    return sa.select(both).order_by(*order).limit(limit)


def _cut(part: sa.Select[Any], limit: int, *, goes_on: bool, pins_first: bool = False) -> sa.Select[Any]:
    """What of one part can stand on the page."""
    said = {label.name: label.element for label in part.selected_columns if isinstance(label, sa.Label)}
    if goes_on:
        part = part.where(sa.tuple_(said["at"], said["source"], said["id"]) < AFTER)
    order = [said["at"].desc(), said["id"].desc()]
    if pins_first:
        order.insert(0, _is_first(said["pinned"], said["aside"]).desc())
    return part.order_by(*order).limit(limit)


def _is_first(pinned: Any, aside: Any) -> Any:
    return sa.func.coalesce(sa.or_(pinned, aside == NoteAside.WAITS), False)


def _others(actor: Actor, seen: Lens, *, of_child: bool) -> list[sa.Select[Any]]:
    """Everything but the notes. Where the calendar is shut, only contacts with others."""
    # Always in the union, so that the sealed columns keep their types; empty where the lens is closed.
    outside = parts_of.outside()
    if not seen.shows(F.NOTE_CASE):
        of_house = OutsideContact.organisation_id == actor.organisation_id
        outside = outside.where(of_house if seen.reads_own_house else sa.false())
    if not seen.shows(F.CALENDAR_ENTRY):
        return [outside]
    parts = _parts(seen, of_child=of_child)
    if not seen.sees_all_tracks:
        own = actor.organisation_id
        return [outside, *(part.where(_organisation_of(number) == own) for number, part in enumerate(parts))]
    parts += [parts_of.events(seen), parts_of.activities(), *past_stays.stays()]
    return [outside, *parts, *([] if of_child else team_history.parts(actor))]


def _notes(actor: Actor, seen: Lens, *, of_child: bool) -> sa.Select[Any]:
    notes = past_notes.notes(actor)
    if of_child:
        notes = notes.where(parts_of.about(NoteChild, Note.id), Note.aside.is_(None))
    if not seen.shows(F.NOTE_CASE):
        notes = notes.where(Note.organisation_id == actor.organisation_id if seen.reads_own_house else sa.false())
    return notes


def _parts(seen: Lens, *, of_child: bool) -> list[sa.Select[Any]]:
    meetings = parts_of.meetings(seen)
    parts = [meetings, parts_of.group_meetings(), *parts_of.courses()]
    if of_child:
        parts[0] = meetings.where(parts_of.about(MeetingChild, Meeting.id))
        parts.append(parts_of.hours())
        if seen.shows(F.OUTCOME_SCORES):
            parts.append(parts_of.measures())
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
