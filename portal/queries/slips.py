"""Contacts that were logged by a slip: they stand in the journal and count nowhere. What hangs on one."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.audit_tags import Audit
from portal.core.kinds import ContactResult
from portal.core.states import EnrolmentState
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.cases import Case, Note, NotePin
from portal.models.children import NoteChild
from portal.models.enrolments import Enrolment
from portal.wall import as_system


@dataclass(frozen=True, slots=True)
class Hanging:
    """What stands in the way of undoing a contact."""

    is_corrected: bool
    has_later: bool
    has_more: bool

    @property
    def is_free(self) -> bool:
        """Whether nothing hangs on it."""
        return not (self.is_corrected or self.has_later or self.has_more)


def is_withdrawn() -> sa.ColumnElement[bool]:
    """Beside a note: whether it is a contact that was undone (R-783)."""
    later = aliased(Note)
    return sa.exists().where(later.corrects_id == Note.id, later.is_withdrawal)


def find_hanging(case: Case, note: Note) -> Hanging:
    """What hangs on a contact: a correction, a later contact in the case, or what was saved or noted along with it."""
    later, child = aliased(Note), NoteChild
    row = sa.select(
        sa.exists().where(later.corrects_id == note.id).label("is_corrected"),
        sa.exists()
        .where(later.case_id == case.id, later.id > note.id, later.result == ContactResult.REACHED)
        .label("has_later"),
        sa.or_(
            sa.exists().where(child.note_id == note.id, child.was_spoken_with),
            sa.exists().where(NotePin.note_id == note.id),
            sa.exists().where(
                AuditEntry.case_id == case.id,
                AuditEntry.actor_id == note.author_id,
                AuditEntry.at == note.written_at,
                AuditEntry.action != Audit.CONTACT_LOGGED,
            ),
        ).label("has_more"),
    )
    with as_system():  # the trail is nobody's to read who only asks whether something was saved along
        return Hanging(*db.session.execute(row).one())


def find_unbegun_course(enrolment_id: int | None) -> str | None:
    """The public id of the course that a contact was made in, while it has not begun; else None."""
    is_given = Enrolment.state == EnrolmentState.PROPOSED
    return db.session.scalar(sa.select(Enrolment.public_id).where(Enrolment.id == enrolment_id, is_given))


def slip() -> Any:
    """Beside a note of the timeline: that it undoes a contact, or that it is one that was undone."""
    return sa.case((Note.is_withdrawal, "undoes"), (is_withdrawn(), "undone"))
