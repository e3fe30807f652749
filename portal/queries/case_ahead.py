"""What comes next in a case: deadlines and meetings in one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import start_of_local_day
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import MeetingKind, SubjectType
from portal.core.risk import ReviewReason
from portal.core.safe_contact import Barred
from portal.core.states import DeadlineState, MeetingState
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.models.programmes import Offer, Programme
from portal.models.users import User
from portal.queries.case_deadlines import OF_OTHERS
from portal.queries.clauses import built_once
from portal.queries.deadlines import of_children, why_of
from portal.queries.unsaid import is_unsaid
from portal.queries.visibility import visible_enrolments, visible_meetings
from portal.vault import opened

AHEAD = 12
# What is asked each time anew: of which case, and from which day on, with the moment at which it begins.
OF_CASE: sa.BindParameter[int] = sa.bindparam("case_id", type_=sa.BigInteger)
TODAY: sa.BindParameter[date] = sa.bindparam("today", type_=sa.Date)
BEGINS_AT: sa.BindParameter[datetime] = sa.bindparam("begins_at", type_=sa.TIMESTAMP(timezone=True))


@dataclass(frozen=True, slots=True)
class Ahead:
    """One thing to come: a deadline, or a meeting with its time. `is_mine`: it stands on the reader's own list.

    `number`: which meeting of a group it is, or of how many children the row speaks (R-793).
    """

    public_id: str
    is_mine: bool
    due_on: date
    starts_at: datetime | None
    deadline: DeadlineKind | None
    meeting: MeetingKind | None
    subject_type: SubjectType
    subject_public_id: str
    who: str | None
    number: int | None
    has_interpreter: bool
    # The course that it is about, in Danish and English.
    programme: tuple[str, str] | None
    # Why her safety is to be looked at, or why she was not reached so; for whom her risk is open.
    why: ReviewReason | Barred | None = None


def list_ahead(actor: Actor, case_id: int, seen: Lens, *, today: date) -> list[Ahead]:
    """Open deadlines and meetings to come of a case, in the order of their days.

    Where the lens is narrow, only those of the reader's own organisation and of what has a page for her.
    """
    asked = {"case_id": case_id, "today": today, "begins_at": start_of_local_day(today)}
    tells_why = seen.shows(FieldGroup.RISK_LEVEL)
    return [_ahead(row, tells_why=tells_why) for row in db.session.execute(_statement(actor, seen), asked)]


@built_once
def _statement(actor: Actor, seen: Lens) -> sa.Select[*tuple[Any, ...]]:
    deadlines, meetings = _deadlines(actor), _meetings(actor)
    if not seen.sees_all_tracks:
        deadlines = deadlines.where(
            Deadline.organisation_id == actor.organisation_id,
            sa.or_(Enrolment.id.is_(None), visible_enrolments(actor)),
        )
        meetings = meetings.where(Meeting.organisation_id == actor.organisation_id, visible_meetings(actor))
    if not seen.shows(FieldGroup.CALENDAR_ENTRY):
        deadlines = deadlines.where(Deadline.kind == DeadlineKind.FOLLOW_UP)
        meetings = meetings.where(sa.false())
    # Each part is cut for itself, so that names are opened of what is shown alone.
    both = sa.union_all(
        deadlines.order_by(Deadline.due_on, Deadline.id).limit(AHEAD),
        meetings.order_by(Meeting.starts_at, Meeting.id).limit(AHEAD),
    ).subquery()
    return sa.select(both).order_by(both.c.due_on, both.c.starts_at.nulls_first(), both.c.id).limit(AHEAD)


def _deadlines(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    # A meeting of today or later stands there as itself; what must be registered afterwards would be a second row.
    again = sa.and_(Deadline.kind == DeadlineKind.MEETING_OUTCOME, Deadline.due_on >= TODAY)
    return (
        sa.select(
            Deadline.public_id,
            sa.func.coalesce(Deadline.owner_id == actor.user_id, sa.false()).label("is_mine"),
            Deadline.due_on,
            sa.cast(sa.null(), sa.DateTime(timezone=True)).label("starts_at"),
            sa.cast(Deadline.kind, sa.Text).label("deadline"),
            sa.cast(sa.null(), sa.Text).label("meeting"),
            sa.cast(Deadline.subject_type, sa.Text).label("subject_type"),
            Deadline.subject_public_id,
            opened(User.name).label("who"),
            sa.cast(of_children(), sa.Integer).label("number"),
            sa.false().label("has_interpreter"),
            Programme.name_da,
            Programme.name_en,
            Deadline.source_key,
            Deadline.id,
        )
        .outerjoin(User, User.id == Deadline.owner_id)
        .outerjoin(
            Enrolment,
            sa.and_(Deadline.subject_type == SubjectType.ENROLMENT, Enrolment.public_id == Deadline.subject_public_id),
        )
        .outerjoin(Offer, Offer.id == Enrolment.offer_id)
        .outerjoin(Programme, Programme.id == Offer.programme_id)
        .where(
            Deadline.case_id == OF_CASE,
            Deadline.state == DeadlineState.OPEN,
            ~again,
            ~OF_OTHERS,
            ~of_children(is_before=True),
            ~is_unsaid(actor),
        )
    )


def _meetings(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Meeting.public_id,
            Meeting.responsible_id == actor.user_id,
            sa.cast(sa.func.timezone("Europe/Copenhagen", Meeting.starts_at), sa.Date),
            sa.cast(Meeting.starts_at, sa.DateTime(timezone=True)),
            sa.null(),
            sa.cast(Meeting.kind, sa.Text),
            sa.literal(SubjectType.MEETING.value),
            Meeting.public_id,
            opened(User.name),
            sa.cast(Meeting.number, sa.Integer),
            Meeting.has_interpreter,
            sa.null(),
            sa.null(),
            sa.null(),
            Meeting.id,
        )
        .join(User, User.id == Meeting.responsible_id)
        .where(
            Meeting.case_id == OF_CASE,
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at >= BEGINS_AT,
        )
    )


def _ahead(row: Any, *, tells_why: bool) -> Ahead:
    kind = DeadlineKind(row.deadline) if row.deadline else None
    return Ahead(
        public_id=row.public_id,
        is_mine=row.is_mine,
        due_on=row.due_on,
        starts_at=row.starts_at,
        deadline=kind,
        meeting=MeetingKind(row.meeting) if row.meeting else None,
        subject_type=SubjectType(row.subject_type),
        subject_public_id=row.subject_public_id,
        who=row.who,
        number=row.number,
        has_interpreter=row.has_interpreter,
        programme=(row.name_da, row.name_en) if row.name_da else None,
        why=why_of(kind, row.source_key) if tells_why else None,
    )
