"""What has been in a case, as one statement over several tables."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.states import EnrolmentState, MeetingState, Presence
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup as F
from portal.domain.disclosure import Relation
from portal.models.audit import AuditEntry
from portal.models.cases import Note
from portal.models.enrolments import Enrolment
from portal.models.meetings import Attendance, Meeting
from portal.models.programmes import Offer, Programme
from portal.models.users import User
from portal.queries.paging import decode, encode
from portal.vault import opened

PAST = 20
TOLD = (
    Audit.CASE_OPENED,
    Audit.CASE_CLOSED,
    Audit.CASE_REOPENED,
    Audit.STAY_RECORDED,
    Audit.STAY_ENDED,
    Audit.MOVED_IN,
    Audit.CTI_PHASE_CHANGED,
    Audit.SAFETY_ASSESSED,
    Audit.GOAL_REACHED,
    Audit.CASE_OWNER_CHANGED,
    # At once, with the role and the category; the sentence stands among who has looked (security rule 2.8).
    Audit.BREAK_GLASS_OPENED,
)
CAME = (Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY, Presence.EXCUSED, Presence.NOT_MET)
ENDED = (EnrolmentState.COMPLETED, EnrolmentState.ENDED_EARLY, EnrolmentState.TRANSFERRED, EnrolmentState.NEVER_STARTED)


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


def list_past(
    actor: Actor, case_id: int, seen: Lens, *, after: str | None = None, limit: int = PAST
) -> tuple[list[Past], str | None]:
    """What has been in a case, newest first, and the cursor of what was before. Notes only where the lens opens them.

    Raises ValueError for a bad cursor.
    """
    parts = [_meetings(case_id), _group_meetings(case_id), *_courses(case_id)]
    own = None if seen.sees_all_tracks else actor.organisation_id
    if own is not None:
        parts = [part.where(_organisation_of(number) == own) for number, part in enumerate(parts)]
    else:
        parts.append(_events(case_id))
    # Always in the union, so that the sealed columns keep their types; empty where the lens is closed.
    notes = _notes(case_id)
    if not seen.shows(F.NOTE_CASE):
        notes = notes.where(Note.organisation_id == actor.organisation_id if _writes(seen) else sa.false())
    if not seen.shows(F.CALENDAR_ENTRY):
        parts = [part.where(sa.false()) for part in parts]
    both = sa.union_all(notes, *parts).subquery()
    statement = sa.select(both).order_by(both.c.at.desc(), both.c.source.desc(), both.c.id.desc()).limit(limit + 1)
    if after:
        cursor = decode(after, datetime, str, int)
        statement = statement.where(sa.tuple_(both.c.at, both.c.source, both.c.id) < cursor)
    rows = db.session.execute(statement).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return [_past(row) for row in rows[:limit]], encode(last.at, last.source, last.id) if last else None


def _writes(seen: Lens) -> bool:
    """Whether the reader sees what her own house wrote: on the team, while the case still tells (M6)."""
    return seen.relation is Relation.CT and seen.shows(F.CALENDAR_ENTRY)


def _organisation_of(number: int) -> Any:
    return Meeting.organisation_id if number < 2 else Enrolment.organisation_id


def _cells(source: str, at: Any, key: Any, **given: Any) -> list[Any]:
    """One row of the union: every part has the same columns, of the same types."""
    types: dict[str, Any] = {
        "public_id": sa.Text,
        "what": sa.Text,
        "outcome": sa.Text,
        "minutes": sa.Integer,
        "number": sa.Integer,
        "themes": ARRAY(sa.Text),
        "text": sa.LargeBinary,
        "who": sa.LargeBinary,
        "name_da": sa.Text,
        "name_en": sa.Text,
        "corrects": sa.Boolean,
    }
    sealed = {"text", "who"} & given.keys()
    cells = {
        name: opened(given[name]) if name in sealed else sa.cast(given.get(name, sa.null()), kind)
        for name, kind in types.items()
    }
    return [
        sa.literal(source, sa.Text).label("source"),
        at.label("at"),
        key.label("id"),
        *(cell.label(name) for name, cell in cells.items()),
    ]


def _notes(case_id: int) -> sa.Select[Any]:
    return (
        sa.select(
            *_cells(
                "note",
                Note.happened_at,
                Note.id,
                public_id=Note.public_id,
                what=Note.mode,
                outcome=Note.result,
                minutes=Note.minutes,
                themes=Note.themes,
                text=Note.text,
                who=User.name,
                corrects=Note.corrects_id.is_not(None),
                name_da=Programme.name_da,
                name_en=Programme.name_en,
            )
        )
        .join(User, User.id == Note.author_id)
        .outerjoin(Enrolment, Enrolment.id == Note.enrolment_id)
        .outerjoin(Offer, Offer.id == Enrolment.offer_id)
        .outerjoin(Programme, Programme.id == Offer.programme_id)
        .where(Note.case_id == case_id)
    )


def _meetings(case_id: int) -> sa.Select[Any]:
    return (
        sa.select(
            *_cells(
                "meeting",
                Meeting.starts_at,
                Meeting.id,
                public_id=Meeting.public_id,
                what=Meeting.kind,
                outcome=Meeting.state,
                number=Meeting.number,
                who=User.name,
            )
        )
        .join(User, User.id == Meeting.responsible_id)
        .where(Meeting.case_id == case_id, Meeting.state.in_((MeetingState.HELD, MeetingState.NOT_MET)))
    )


def _group_meetings(case_id: int) -> sa.Select[Any]:
    return (
        sa.select(
            *_cells(
                "seat",
                Meeting.starts_at,
                Meeting.id,
                public_id=Meeting.public_id,
                what=Meeting.kind,
                outcome=Attendance.presence,
                number=Meeting.number,
                who=User.name,
                name_da=Programme.name_da,
                name_en=Programme.name_en,
            )
        )
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .join(Offer, Offer.id == Enrolment.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .join(User, User.id == Meeting.responsible_id)
        .where(Enrolment.case_id == case_id, Attendance.presence.in_(CAME))
    )


def _courses(case_id: int) -> list[sa.Select[Any]]:
    def part(source: str, day: Any, condition: Any) -> sa.Select[Any]:
        at = sa.func.timezone("Europe/Copenhagen", sa.cast(day, sa.DateTime), type_=sa.DateTime(timezone=True))
        return (
            sa.select(
                *_cells(
                    source,
                    at,
                    Enrolment.id,
                    public_id=Enrolment.public_id,
                    what=Enrolment.kind,
                    outcome=Enrolment.state,
                    name_da=Programme.name_da,
                    name_en=Programme.name_en,
                )
            )
            .join(Offer, Offer.id == Enrolment.offer_id)
            .join(Programme, Programme.id == Offer.programme_id)
            .where(Enrolment.case_id == case_id, condition)
        )

    return [
        part("started", Enrolment.started_on, Enrolment.started_on.is_not(None)),
        part("ended", Enrolment.ended_on, sa.and_(Enrolment.ended_on.is_not(None), Enrolment.state.in_(ENDED))),
    ]


def _events(case_id: int) -> sa.Select[Any]:
    return (
        sa.select(
            *_cells(
                "event",
                AuditEntry.at,
                AuditEntry.id,
                what=AuditEntry.action,
                outcome=AuditEntry.role,
                themes=AuditEntry.fields,
                who=User.name,
            )
        )
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.case_id == case_id, AuditEntry.action.in_(TOLD))
    )


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
        text=row.text,
        who=row.who,
        programme=(row.name_da, row.name_en) if row.name_da else None,
        corrects=bool(row.corrects),
    )
