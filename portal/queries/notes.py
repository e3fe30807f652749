"""Which notes of a case somebody reads: those written for all, for her house, or for her (R-811)."""

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.notes import NoteReaders
from portal.db import db
from portal.models.cases import Case, Note, NotePin, TeamMember


def readable(actor: Actor) -> sa.ColumnElement[bool]:
    """Beside a note: whether it was written for the actor too. Who comes to the case at all is asked elsewhere."""
    asked_first = sa.exists().where(
        TeamMember.case_id == Note.case_id,
        TeamMember.user_id == actor.user_id,
        TeamMember.is_primary,
        TeamMember.ended_at.is_(None),
    )
    for_her = sa.or_(Note.readers == NoteReaders.HOUSE, Note.author_id == actor.user_id, asked_first)
    return sa.or_(Note.readers == NoteReaders.TEAM, sa.and_(Note.organisation_id == actor.organisation_id, for_her))


def get(actor: Actor, case: Case, public_id: str) -> Note:
    """A note of the case that the actor reads. Raises NotFound, also for one that was put aside (R-820)."""
    stands = sa.and_(Note.public_id == public_id, Note.case_id == case.id, Note.aside.is_(None))
    found = db.session.scalar(sa.select(Note).where(stands, readable(actor)))
    if found is None:
        raise NotFound
    return found


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
