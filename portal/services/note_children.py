"""Which children a note is about, while the note is put aside, comes back, or is taken out (R-820)."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.db import db
from portal.domain.children import unspoken_since
from portal.models.cases import Case, Note
from portal.models.children import Child, NoteChild
from portal.services import children, deadlines
from portal.wall import as_system


def take_off(case: Case, note: Note, *, actor: Actor, now: datetime) -> list[tuple[int, bool]]:
    """A note says nothing of any child any more: which it was about, and whether each was spoken with (R-820)."""
    links = db.session.scalars(sa.select(NoteChild).where(NoteChild.note_id == note.id).order_by(NoteChild.child_id))
    found = [(link.child_id, link.was_spoken_with) for link in links]
    with as_system():  # what a note said of a child nobody else takes away
        db.session.execute(sa.delete(NoteChild).where(NoteChild.note_id == note.id))
    for child in _spoken(found):
        children.count_talks(case, child, actor=actor, now=now)
    return found


def put_back(case: Case, note: Note, held: Sequence[tuple[int, bool]], *, actor: Actor, now: datetime) -> None:
    """A note is about these children again, as far as they are still known."""
    known = db.session.scalars(sa.select(Child).where(Child.id.in_([key for key, _spoken_with in held])))
    for child in known:
        was_spoken_with = dict(held)[child.id]
        children.link_note(case, note, [child], was_spoken_with=was_spoken_with, actor=actor, now=now)


def not_spoken_after_all(case: Case, held: Sequence[tuple[int, bool]]) -> None:
    """A talk with children is gone: what it took off the work list stands there again, if it still holds (R-823)."""
    for child in _spoken(held):
        since = unspoken_since(child.last_spoken_on, local_date(case.opened_at))
        suffix = f"{child.public_id}:{since.isoformat()}"
        deadlines.bring_back_one(DeadlineKind.CHILD_UNSEEN, case.public_id, suffix)


def _spoken(held: Sequence[tuple[int, bool]]) -> Sequence[Child]:
    keys = [key for key, was_spoken_with in held if was_spoken_with]
    return db.session.scalars(sa.select(Child).where(Child.id.in_(keys))).all() if keys else []
