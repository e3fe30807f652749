"""Which notes of a case somebody reads: those written for all, for her house, or for her (R-811)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.notes import NoteReaders, TalkKind
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.models.cases import Case, Note, NotePin, TeamMember
from portal.models.children import Child, NoteChild
from portal.models.enrolments import Enrolment
from portal.models.users import User


@dataclass(frozen=True, slots=True)
class Written:
    """A note as it is read: what it says, who wrote it when, and for whom."""

    public_id: str
    text: str | None
    author: str
    written_at: datetime
    readers: NoteReaders


@dataclass(frozen=True, slots=True)
class Before:
    """A note that is to be corrected: all that it says, for the form to begin with."""

    public_id: str
    text: str | None
    author: str
    happened_at: datetime
    is_day_only: bool
    written_at: datetime
    talk: TalkKind | None
    took_part: Sequence[str]
    readers: NoteReaders
    themes: Sequence[str]
    # Public ids; whether somebody spoke with all of them; the course with its key.
    children: Sequence[str]
    was_spoken_with: bool
    course: tuple[str, int] | None


def readable(actor: Actor, note: Any = Note) -> sa.ColumnElement[bool]:
    """Beside a note: whether it was written for the actor too. Who comes to the case at all is asked elsewhere."""
    asked_first = sa.exists().where(
        TeamMember.case_id == note.case_id,
        TeamMember.user_id == actor.user_id,
        TeamMember.is_primary,
        TeamMember.ended_at.is_(None),
    )
    for_her = sa.or_(note.readers == NoteReaders.HOUSE, note.author_id == actor.user_id, asked_first)
    return sa.or_(note.readers == NoteReaders.TEAM, sa.and_(note.organisation_id == actor.organisation_id, for_her))


def get(actor: Actor, case: Case, public_id: str) -> Note:
    """A note of the case that the actor reads. Raises NotFound, also for one that was put aside (R-820)."""
    stands = sa.and_(Note.public_id == public_id, Note.case_id == case.id, Note.aside.is_(None))
    found = db.session.scalar(sa.select(Note).where(stands, readable(actor)))
    if found is None:
        raise NotFound
    return found


def read(actor: Actor, note: Note, seen: Lens) -> Before:
    """What a note says that `get` has found, through the lens of its case. Raises NotFound where that is shut."""
    if not seen.shows(FieldGroup.NOTE_CASE) and not _is_of_own_house(actor, note, seen):
        raise NotFound
    spoken = sa.func.bool_and(NoteChild.was_spoken_with)
    of_note = sa.select(sa.func.array_agg(Child.public_id), spoken).join(Child, Child.id == NoteChild.child_id)
    children, was_spoken_with = db.session.execute(of_note.where(NoteChild.note_id == note.id)).one()
    author, course = db.session.execute(
        sa.select(User.name, Enrolment.public_id)
        .select_from(Note)
        .join(User, User.id == Note.author_id)
        .outerjoin(Enrolment, Enrolment.id == Note.enrolment_id)
        .where(Note.id == note.id)
    ).one()
    return Before(
        public_id=note.public_id,
        text=note.text,
        author=author,
        happened_at=note.happened_at,
        is_day_only=note.is_day_only,
        written_at=note.written_at,
        talk=note.talk,
        took_part=note.took_part,
        readers=note.readers,
        themes=note.themes,
        children=children or (),
        was_spoken_with=bool(was_spoken_with),
        course=(course, note.enrolment_id) if course and note.enrolment_id else None,
    )


def _is_of_own_house(actor: Actor, note: Note, seen: Lens) -> bool:
    return seen.reads_own_house and note.organisation_id == actor.organisation_id


def list_of_meeting(actor: Actor, meeting_id: int, seen: Lens) -> list[Written]:
    """What stands in the journal about a meeting, the newest last: as the lens and the readers of a note open it.

    What has been corrected is told by its correction, to whoever reads that.
    """
    statement = sa.select(Note).where(_of_meeting(actor, meeting_id)).options(joinedload(Note.author))
    if not seen.shows(FieldGroup.NOTE_CASE):
        of_house = Note.organisation_id == actor.organisation_id
        statement = statement.where(of_house if seen.reads_own_house else sa.false())
    rows = db.session.scalars(statement.order_by(Note.id))
    return [Written(one.public_id, one.text, one.author.name, one.written_at, one.readers) for one in rows]


def find_of_meeting(actor: Actor, meeting_id: int) -> Note | None:
    """The newest of what stands in the journal about a meeting and is written for the actor too, or None."""
    return db.session.scalar(sa.select(Note).where(_of_meeting(actor, meeting_id)).order_by(Note.id.desc()).limit(1))


def _of_meeting(actor: Actor, meeting_id: int) -> sa.ColumnElement[bool]:
    later = aliased(Note)
    corrected = sa.exists().where(later.corrects_id == Note.id, readable(actor, later))
    return sa.and_(Note.meeting_id == meeting_id, Note.aside.is_(None), ~corrected, readable(actor))


def find_pin(note: Note) -> NotePin | None:
    """The pin of a note, or None."""
    return db.session.get(NotePin, note.id)


def stands(note: Note) -> bool:
    """Whether the note has not been put aside meanwhile."""
    return bool(db.session.scalar(sa.select(Note.aside.is_(None)).where(Note.id == note.id)))


def count_pinned(case: Case) -> int:
    """How many notes of a case are pinned, also those that not everybody reads."""
    return (
        db.session.scalar(sa.select(sa.func.count()).select_from(NotePin).join(Note).where(Note.case_id == case.id))
        or 0
    )
