"""What has happened in a course: its history, contacts and meetings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Role
from portal.core.kinds import ContactMode, ContactResult, MeetingKind, SubjectType
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.cases import Note
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.models.users import User
from portal.queries.notes import readable
from portal.queries.slips import is_withdrawn
from portal.queries.visibility import visible_meetings

WORKER_ROLES = (Role.PROGRAMME_WORKER, Role.CONTACT_PERSON, Role.MUNICIPAL_ADVISER)
# What of the audit trail makes up the history of a course.
COURSE_TAGS = (
    Audit.ENROLMENT_PROPOSED,
    Audit.ENROLMENT_STARTED,
    Audit.ENROLMENT_ASSIGNED,
    Audit.TAKE_OVER_ASKED,
    Audit.TAKE_OVER_REFUSED,
    Audit.TAKE_OVER_CALLED_BACK,
    Audit.ENROLMENT_PAUSED,
    Audit.ENROLMENT_RESUMED,
    Audit.ENROLMENT_COMPLETED,
    Audit.ENROLMENT_ENDED,
    Audit.ENROLMENT_UNCHECKED,
    Audit.ENROLMENT_NEVER_STARTED,
    Audit.ENROLMENT_REOPENED,
    Audit.PARTICIPANT_PLACED,
    Audit.PARTICIPANT_LEFT,
    Audit.CTI_STARTED,
    Audit.CTI_PLANNED,
    Audit.CTI_PHASE_CHANGED,
    Audit.CTI_BASIS_RECORDED,
    Audit.MATCH_STARTED,
    Audit.MATCH_ENDED,
    Audit.HOURS_REGISTERED,
    Audit.HOURS_CORRECTED,
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a course's history."""

    at: datetime
    action: Audit
    who: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A logged contact of a course. The text is for the team."""

    happened_at: datetime
    mode: ContactMode
    is_reached: bool
    minutes: int | None
    themes: list[str]
    text: str | None
    author: str


def list_history(enrolment: Enrolment) -> list[Happening]:
    """What has been done to a course, newest first."""
    rows = db.session.execute(
        sa.select(AuditEntry.at, AuditEntry.action, User.name, AuditEntry.reason)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(
            AuditEntry.case_id == enrolment.case_id,
            AuditEntry.subject_public_id == enrolment.public_id,
            AuditEntry.subject_type == SubjectType.ENROLMENT,
            AuditEntry.action.in_(COURSE_TAGS),
        )
        .order_by(AuditEntry.id.desc())
        .limit(50)
    )
    found: list[Any] = list(rows)
    return [Happening(*row) for row in found]


def list_contacts(actor: Actor, enrolment_id: int, *, limit: int = 20) -> list[ContactRow]:
    """The contacts logged in a course, newest first; without the text that is written for fewer (R-811)."""
    rows = db.session.execute(
        sa.select(
            Note.happened_at,
            Note.mode,
            (Note.result == ContactResult.REACHED).label("is_reached"),
            Note.minutes,
            Note.themes,
            Note.text,
            User.name,
            readable(actor).label("is_for_her"),
        )
        .join(User, User.id == Note.author_id)
        .where(Note.enrolment_id == enrolment_id, Note.mode.is_not(None), ~is_withdrawn())
        .order_by(Note.happened_at.desc(), Note.id.desc())
        .limit(limit)
    )
    return [_contact(row) for row in rows]


def _contact(row: Any) -> ContactRow:
    text = row.text if row.is_for_her else None
    return ContactRow(row.happened_at, row.mode, row.is_reached, row.minutes, row.themes, text, row.name)


def list_meetings(
    actor: Actor, enrolment_id: int, kinds: Sequence[MeetingKind] = (), *, limit: int = 20
) -> list[Meeting]:
    """The meetings of a course that the actor sees, newest first; only of some kinds where they are named."""
    query = (
        sa.select(Meeting)
        .where(Meeting.enrolment_id == enrolment_id, visible_meetings(actor))
        .options(joinedload(Meeting.responsible))
    )
    if kinds:
        query = query.where(Meeting.kind.in_(kinds))
    return list(db.session.scalars(query.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(limit)))
