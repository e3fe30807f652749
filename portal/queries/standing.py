"""What stands over a case: asked beside other things by its index, and read as a page shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.deadlines import DeadlineKind
from portal.core.errors import NotFound
from portal.core.standing import StandingKind, StandingSource
from portal.core.states import DeadlineState, MeetingState
from portal.db import db
from portal.domain.standing import RESTS, WITH_HER, rests_under
from portal.models.cases import Case, TeamMember
from portal.models.children import MeetingChild
from portal.models.deadlines import Deadline
from portal.models.meetings import Meeting
from portal.models.referrals import TrackRequest
from portal.models.standing import StandingMark
from portal.models.users import User
from portal.wall import as_system

MOST = 50


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One mark as its page shows it; `lifted_at` is empty while it stands."""

    public_id: str
    kind: StandingKind
    since_on: date
    source: StandingSource | None
    note: str | None
    set_by: str
    set_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    lift_reason: str | None


def stands(case_id: Any, *kinds: StandingKind) -> sa.ColumnElement[bool]:
    """Beside a case: whether one of these stands over it. Read by the index of what stands."""
    return sa.exists().where(
        StandingMark.case_id == case_id, StandingMark.kind.in_(kinds), StandingMark.lifted_at.is_(None)
    )


def state_of(kind: DeadlineKind, case_id: int | None) -> Any:
    """In which state a row is put up: it rests at once where a mark stands that it rests under (R-816)."""
    marks = rests_under(kind)
    if case_id is None or not marks:
        return DeadlineState.OPEN
    return _resting_if(stands(case_id, *marks))


def state_again() -> Any:
    """In which state a row comes back to the work list."""
    under = [
        sa.and_(Deadline.kind.in_(kinds), stands(Deadline.case_id, mark).correlate(Deadline))
        for mark, kinds in RESTS.items()
    ]
    return _resting_if(sa.or_(*under))


def _resting_if(condition: sa.ColumnElement[bool]) -> Any:
    state = Deadline.__table__.c.state.type
    rests, waits = (sa.literal(one, state) for one in (DeadlineState.RESTS, DeadlineState.OPEN))
    return sa.case((condition, rests), else_=waits)


@as_system()
def has_died(case_id: int) -> bool:
    """Whether she has died, whoever asks: what would reach her is stopped by it."""
    return bool(db.session.scalar(sa.select(stands(case_id, StandingKind.DIED))))


def marks_of_case() -> sa.Label[Any]:
    """Beside a case: what stands over it, as a list of kinds and days in the same statement."""
    said = sa.func.jsonb_agg(sa.func.jsonb_build_array(StandingMark.kind, StandingMark.since_on))
    which = sa.and_(StandingMark.case_id == Case.id, StandingMark.lifted_at.is_(None))
    return sa.select(said).where(which).correlate(Case).scalar_subquery().label("standing")


def read_marks(said: Any) -> dict[StandingKind, date]:
    """What `marks_of_case` has read."""
    return {StandingKind(kind): date.fromisoformat(day) for kind, day in said or ()}


def list_marks(case: Case, *, with_words: bool) -> list[MarkRow]:
    """All marks of a case, the newest first. `with_words`: with what was written, for whom the notes are open."""
    setter, lifter = aliased(User), aliased(User)
    rows = db.session.execute(
        sa.select(StandingMark, setter.name, lifter.name)
        .join(setter, setter.id == StandingMark.set_by_id)
        .outerjoin(lifter, lifter.id == StandingMark.lifted_by_id)
        .where(StandingMark.case_id == case.id)
        .order_by(StandingMark.id.desc())
        .limit(MOST)
    )
    return [_row(mark, set_by, lifted_by, with_words) for mark, set_by, lifted_by in rows]


def _row(mark: StandingMark, set_by: str, lifted_by: str | None, with_words: bool) -> MarkRow:
    return MarkRow(
        public_id=mark.public_id,
        kind=mark.kind,
        since_on=mark.since_on,
        source=mark.source,
        note=mark.note if with_words else None,
        set_by=set_by,
        set_at=mark.set_at,
        lifted_by=lifted_by,
        lifted_at=mark.lifted_at,
        lift_reason=mark.lift_reason if with_words else None,
    )


def get(case: Case, public_id: str) -> StandingMark:
    """One mark of a case, held until the transaction ends. Raises NotFound for another case's."""
    mark = db.session.scalar(
        sa.select(StandingMark)
        .where(StandingMark.public_id == public_id, StandingMark.case_id == case.id)
        .with_for_update()
    )
    if mark is None:
        raise NotFound
    return mark


def find_standing(case_id: int, kind: StandingKind) -> StandingMark | None:
    """The mark of a kind that stands over a case, if any."""
    return db.session.scalar(
        sa.select(StandingMark).where(
            StandingMark.case_id == case_id, StandingMark.kind == kind, StandingMark.lifted_at.is_(None)
        )
    )


def may_lift(case_id: int, user_id: int | None) -> bool:
    """Whether this person is the one whom the others ask about the case; while nobody is, anybody of its team is."""
    primary = sa.select(TeamMember.user_id).where(
        TeamMember.case_id == case_id, TeamMember.ended_at.is_(None), TeamMember.is_primary
    )
    asked = sa.func.coalesce(primary.scalar_subquery(), user_id)
    return bool(db.session.scalar(sa.select(asked == user_id)))


def list_planned(case_id: int, *, now: datetime) -> list[Meeting]:
    """Planned meetings with her that lie ahead, also talks before a decision; those about a child are the child's."""
    of_request = sa.select(TrackRequest.id).where(TrackRequest.case_id == case_id)
    about_child = sa.exists().where(MeetingChild.meeting_id == Meeting.id)
    return list(
        db.session.scalars(
            sa.select(Meeting)
            .where(
                sa.or_(Meeting.case_id == case_id, Meeting.request_id.in_(of_request)),
                Meeting.state == MeetingState.PLANNED,
                Meeting.kind.in_(WITH_HER),
                Meeting.starts_at > now,
                ~about_child,
            )
            .order_by(Meeting.starts_at, Meeting.id)
            .with_for_update()
        )
    )


def is_about_children(meeting_id: int) -> bool:
    """Whether a meeting is about a child, or with one."""
    return bool(db.session.scalar(sa.select(sa.exists().where(MeetingChild.meeting_id == meeting_id))))
