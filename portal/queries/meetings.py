"""Reading the calendar: a week, a month, what is next with her, and one meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.clock import add_months, end_of_local_day, start_of_local_day
from portal.core.errors import NotFound
from portal.core.kinds import MeetingKind, PlaceKind
from portal.core.states import MeetingState
from portal.db import db
from portal.domain.decisions import PROVED, Sight
from portal.domain.disclosure import FieldGroup
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.groups import GroupRound, RoundLeader
from portal.models.meetings import Meeting
from portal.models.referrals import TrackRequest
from portal.models.users import User
from portal.queries import sight
from portal.queries.users import name_of
from portal.queries.visibility import LIVE, visible_cases, visible_enrolments, visible_meetings

MOST = 400
NEXT_DATES = 3


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting in a calendar or list: a reference where the reader sees the case, or the group's name."""

    public_id: str
    kind: MeetingKind
    state: MeetingState
    starts_at: datetime
    ends_at: datetime
    place_kind: PlaceKind
    has_interpreter: bool
    number: int | None
    reference: str | None
    group: str | None
    responsible: str


@dataclass(frozen=True, slots=True)
class NextDate:
    """A date for her sheet. Where it is, is written by hand: no print of the portal tells a place (rule PA-2)."""

    starts_at: datetime
    ends_at: datetime
    place_kind: PlaceKind
    has_interpreter: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What is written about a meeting, and who holds it. The exact place is shown on demand."""

    theme: str | None
    note: str | None
    responsible: str | None


def written(meeting: Meeting) -> Written:
    """What the page shows of a meeting that `get` has found."""
    return Written(meeting.theme, meeting.note, name_of(meeting.responsible))


def get(actor: Actor, public_id: str) -> Meeting:
    """The meeting with case, round, course and the one responsible loaded. Raises NotFound (R-004)."""
    found = db.session.scalar(
        sa.select(Meeting)
        .where(Meeting.public_id == public_id, visible_meetings(actor))
        .options(
            joinedload(Meeting.case),
            joinedload(Meeting.round),
            joinedload(Meeting.enrolment),
            joinedload(Meeting.responsible),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _rows(actor: Actor, *conditions: sa.ColumnElement[bool], limit: int = MOST) -> list[MeetingRow]:
    rows = db.session.execute(
        sa.select(
            Meeting.public_id,
            Meeting.kind,
            Meeting.state,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.place_kind,
            Meeting.has_interpreter,
            Meeting.number,
            sa.case((visible_cases(actor), Case.reference)),
            GroupRound.name,
            User.name,
        )
        .join(User, User.id == Meeting.responsible_id)
        .outerjoin(Case, Case.id == Meeting.case_id)
        .outerjoin(GroupRound, GroupRound.id == Meeting.round_id)
        .where(*conditions)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )
    return [MeetingRow(*row) for row in rows]


def _own(actor: Actor) -> sa.ColumnElement[bool]:
    led = sa.select(RoundLeader.round_id).where(RoundLeader.user_id == actor.user_id)
    return sa.and_(
        sa.or_(Meeting.responsible_id == actor.user_id, Meeting.round_id.in_(led)),
        Meeting.organisation_id == actor.organisation_id,
    )


def between(actor: Actor, first: date, last: date) -> list[MeetingRow]:
    """The meetings that this person holds or leads, from one Danish day to another, both counted."""
    return _rows(
        actor,
        _own(actor),
        Meeting.starts_at >= start_of_local_day(first),
        Meeting.starts_at < end_of_local_day(last),
    )


def week(actor: Actor, monday: date) -> list[MeetingRow]:
    """The meetings of a week that begins on a Monday."""
    return between(actor, monday, monday + timedelta(days=6))


def month(actor: Actor, first: date) -> list[MeetingRow]:
    """The meetings in the whole weeks that a month touches. `first` is the month's first day."""
    start, end = month_frame(first)
    return between(actor, start, end)


def month_frame(first: date) -> tuple[date, date]:
    """From the Monday on or before the first of a month to the Sunday on or after its last day."""
    last = add_months(first, 1) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def has_place(actor: Actor, meeting: Meeting) -> bool:
    """Whether an exact place is kept that the actor may ask to see, without reading it."""
    if not db.session.scalar(sa.select(Meeting.place.is_not(None)).where(Meeting.id == meeting.id)):
        return False
    group = group_of_place(whose_place(meeting))
    return sight_of_place(actor, meeting).opens(group, PROVED).is_yes


def whose_place(meeting: Meeting) -> int | None:
    """The case of the woman whom one meets there, also before her place is given; None for a group and for nobody."""
    if meeting.case_id is not None or meeting.request_id is None:
        return meeting.case_id
    return db.session.scalar(sa.select(TrackRequest.case_id).where(TrackRequest.id == meeting.request_id))


def group_of_place(case_id: int | None) -> FieldGroup:
    """Where one woman is met tells as much as her address; where a group meets is an entry in a calendar (R-601)."""
    return FieldGroup.CALENDAR_ENTRY if case_id is None else FieldGroup.ADDR_EXACT


def sight_of_place(actor: Actor, meeting: Meeting) -> Sight:
    """What the actor is to the place of a meeting that `get` has found."""
    case_id = whose_place(meeting)
    return sight.ABOUT_NOBODY if case_id is None else sight.of_case(actor, case_id)


def next_dates(actor: Actor, case_id: int, limit: int = NEXT_DATES, *, now: datetime) -> list[NextDate]:
    """Her next dates, group meetings that she has a seat in among them. For the sheet that is printed for her."""
    seats = sa.select(Enrolment.round_id).where(
        Enrolment.case_id == case_id,
        Enrolment.state.in_(LIVE),
        Enrolment.round_id.is_not(None),
        visible_enrolments(actor),
    )
    own = sa.and_(Meeting.case_id == case_id, visible_meetings(actor))
    rows = db.session.execute(
        sa.select(Meeting.starts_at, Meeting.ends_at, Meeting.place_kind, Meeting.has_interpreter)
        .where(
            sa.or_(own, Meeting.round_id.in_(seats)),
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at >= now,
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )
    return [NextDate(*row) for row in rows]


def find_clashes(actor: Actor, meetings: Sequence[Meeting]) -> list[MeetingRow]:
    """Other meetings of the same person at the same time: told, never refused (R-353)."""
    if not meetings:
        return []
    overlaps = [
        sa.and_(
            Meeting.responsible_id == one.responsible_id,
            Meeting.starts_at < one.ends_at,
            Meeting.ends_at > one.starts_at,
        )
        for one in meetings
    ]
    return _rows(
        actor,
        sa.or_(*overlaps),
        Meeting.id.not_in([one.id for one in meetings]),
        Meeting.state.in_((MeetingState.PLANNED, MeetingState.HELD)),
        limit=10,
    )


def sees_case(actor: Actor, case_id: int) -> bool:
    """Whether the actor may open the case behind a meeting."""
    return db.session.scalar(sa.select(Case.id).where(Case.id == case_id, visible_cases(actor))) is not None
