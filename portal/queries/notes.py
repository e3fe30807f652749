"""Which notes of a case somebody reads: those written for all, for her house, or for her (R-811)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.notes import NoteReaders, TalkKind
from portal.db import db
from portal.models.cases import Case, Note, NotePin, TeamMember
from portal.models.children import Child, NoteChild
from portal.models.enrolments import Enrolment
from portal.models.users import User


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


@dataclass(frozen=True, slots=True)
class Original:
    """What a note says, for whoever corrects it: the correction begins with it."""

    public_id: str
    author: str | None
    text: str | None
    happened_at: datetime
    talk: TalkKind | None
    themes: tuple[str, ...]
    took_part: tuple[str, ...]
    readers: NoteReaders
    # Public ids of its course, and of the children it is about.
    course: str | None
    children: tuple[str, ...]


def get_original(actor: Actor, case: Case, public_id: str) -> Original:
    """A note that the actor reads, with its author, its course, and the children it is about. Raises NotFound."""
    note = get(actor, case, public_id)
    about = (
        sa.select(Child.public_id).join(NoteChild, NoteChild.child_id == Child.id).where(NoteChild.note_id == note.id)
    )
    course = sa.select(Enrolment.public_id).where(Enrolment.id == note.enrolment_id)
    row = db.session.execute(
        sa.select(User, course.scalar_subquery(), sa.func.array(about.scalar_subquery())).where(
            User.id == note.author_id
        )
    ).one()
    return Original(
        public_id=note.public_id,
        author=row[0].name,
        text=note.text,
        happened_at=note.happened_at,
        talk=note.talk,
        themes=tuple(note.themes),
        took_part=tuple(note.took_part),
        readers=note.readers,
        course=row[1],
        children=tuple(child.public_id for child in list_children(note)),
    )


def list_children(note: Note) -> list[Child]:
    """The children that a note is about; none: the family, or her (R-643)."""
    about = sa.select(NoteChild.child_id).where(NoteChild.note_id == note.id)
    return list(db.session.scalars(sa.select(Child).where(Child.id.in_(about)).order_by(Child.id)))


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
