"""Pinned notes: the few that everybody on a case must see first (R-812)."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import NotNow
from portal.core.i18n import _
from portal.db import db
from portal.domain.notes import MOST_PINNED
from portal.domain.permissions import require
from portal.models.cases import Case, Note, NotePin
from portal.queries import notes as queries
from portal.services import case_marks


def pin(case: Case, note: Note, *, actor: Actor, now: datetime) -> bool:
    """Put a note first in the journal. False when it is pinned already. Raises NotNow for a fourth, or when closed."""
    require(actor, Permission.CASE_EDIT)
    case_marks.must_be_open(case.id)
    _lock(case)
    if queries.find_pin(note) is not None:
        return False
    if not queries.stands(note):
        raise NotNow
    if queries.count_pinned(case) >= MOST_PINNED:
        raise NotNow(_("Three notes are pinned already. Take one of them down first."))
    _put(note, actor, now)
    case_marks.record(Audit.NOTE_PINNED, case, actor=actor, now=now)
    db.session.flush()
    return True


def unpin(case: Case, note: Note, *, actor: Actor, now: datetime) -> bool:
    """Take a note down from its place. False when it is not pinned. Raises NotNow when the case is closed."""
    require(actor, Permission.CASE_EDIT)
    case_marks.must_be_open(case.id)
    _lock(case)
    found = queries.find_pin(note)
    if found is None:
        return False
    db.session.delete(found)
    case_marks.record(Audit.NOTE_UNPINNED, case, actor=actor, now=now)
    db.session.flush()
    return True


def hand_on(before: Note, correction: Note, *, actor: Actor, now: datetime) -> None:
    """A correction takes the place of what it corrects: what everybody sees first must hold."""
    found = queries.find_pin(before)
    if found is None:
        return
    db.session.delete(found)
    _put(correction, actor, now)
    db.session.flush()


def take_off(note: Note) -> int | None:
    """Take a note down that is put aside: by whom it was pinned, or None."""
    found = queries.find_pin(note)
    if found is None:
        return None
    db.session.delete(found)
    db.session.flush()
    return found.pinned_by_id


def put_back(case: Case, note: Note, *, pinned_by_id: int, now: datetime) -> None:
    """Pin a note again that stands in its case again, where there is still room for it."""
    if queries.count_pinned(case) < MOST_PINNED:
        db.session.add(NotePin(note_id=note.id, pinned_by_id=pinned_by_id, pinned_at=now))
        db.session.flush()


def _put(note: Note, actor: Actor, now: datetime) -> None:
    db.session.add(NotePin(note_id=note.id, pinned_by_id=actor.user_id, pinned_at=now))


def _lock(case: Case) -> None:
    """Two who pin at once wait for each other."""
    db.session.execute(sa.select(Case.id).where(Case.id == case.id).with_for_update())
