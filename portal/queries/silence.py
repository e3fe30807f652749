"""Since when nobody has reached her, over contacts, meetings, groups and volunteers; what was tried never counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import ContactResult, TrackKind
from portal.core.notes import TookPart
from portal.core.standing import StandingKind
from portal.core.states import CaseState, ClaimState, DeadlineState, MeetingState, Presence
from portal.db import db
from portal.domain.cases import shown_name
from portal.domain.groups import CAME
from portal.domain.silence import CASE_DAYS, COURSE_DAYS, CTI_DAYS, Quiet
from portal.models.cases import Case, Note
from portal.models.clients import Client
from portal.models.cti import CtiCourse
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.meetings import Attendance, Meeting
from portal.models.tasks import Claim, Task
from portal.queries import standing
from portal.queries.barriers import is_open_to
from portal.queries.case_lens import lens_columns, lens_from
from portal.queries.clauses import built_once
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import LIVE, visible_cases
from portal.wall import as_system

TRIED = (ContactResult.NOT_REACHED, ContactResult.MESSAGE_LEFT)


@dataclass(frozen=True, slots=True)
class QuietRow:
    """A case in which it has been quiet for long; without name and public id for whoever leads the house."""

    reference: str
    quiet: Quiet
    public_id: str | None = None
    name: str | None = None


@built_once
def columns() -> tuple[sa.Label[Any], sa.Label[Any], sa.Label[Any]]:
    """Beside a case: when somebody reached her last, how often it was tried since, and how many days it may be."""
    return _reached().label("reached_on"), _attempts().label("attempts"), _limit().label("quiet_limit")


@built_once
def was_reached() -> sa.Label[Any]:
    """Beside a case: whether anybody has reached her at all since it was opened."""
    return sa.func.coalesce(*_found()).is_not(None).label("was_reached")


def find_since(case_id: int) -> date:
    """When somebody reached her last in one case; while nobody has, the day it was opened."""
    day: date = db.session.execute(sa.select(_reached()).where(Case.id == case_id)).scalar_one()
    return day


def read(row: Any) -> Quiet:
    """These columns as values."""
    return Quiet(row.reached_on, int(row.attempts), int(row.quiet_limit))


def _day(moment: Any) -> Any:
    return sa.cast(sa.func.timezone("Europe/Copenhagen", moment), sa.Date)


def _one(statement: sa.Select[Any]) -> sa.ScalarSelect[Any]:
    return statement.correlate(Case).scalar_subquery()


def _in_group(presences: Any) -> sa.Select[Any]:
    return (
        sa.select(Meeting.starts_at)
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Enrolment.case_id == Case.id, Attendance.presence.in_(presences))
    )


def _noted(results: Sequence[ContactResult]) -> sa.Select[Any]:
    """Contacts with a result; what was corrected is told by the note that corrects it."""
    return _standing(Note.result.in_(results))


def _standing(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    later = aliased(Note)
    corrected = sa.exists().where(later.corrects_id == Note.id)
    return sa.select(Note.happened_at).where(Note.case_id == Case.id, condition, ~corrected)


def _met(state: MeetingState) -> sa.Select[Any]:
    return sa.select(Meeting.starts_at).where(Meeting.case_id == Case.id, Meeting.state == state)


@built_once
def _moment() -> Any:
    """When somebody reached her last; while nobody has, when the case was opened."""
    return sa.func.greatest(Case.opened_at, *_found())


def _found() -> list[Any]:
    """When somebody reached her last, by each way in which that can be."""
    helped = (
        sa.select(sa.func.max(Task.starts_at))
        .join(Claim, Claim.task_id == Task.id)
        .where(Task.case_id == Case.id, Claim.state == ClaimState.DONE)
    )
    return [*(_last(one) for one in (_spoken(), _met(MeetingState.HELD), _in_group(CAME))), _one(helped)]


def _spoken() -> sa.Select[Any]:
    """Contacts that reached her, and notes of a talk in which she took part."""
    with_her = sa.and_(Note.talk.is_not(None), Note.took_part.contains([TookPart.HER.value]))
    return _standing(sa.or_(Note.result == ContactResult.REACHED, with_her))


def _last(moments: sa.Select[Any]) -> sa.ScalarSelect[Any]:
    (column,) = moments.selected_columns
    return _one(moments.with_only_columns(sa.func.max(column)))


@built_once
def _reached() -> Any:
    return _day(_moment())


def _attempts() -> Any:
    """How often it was tried since: unanswered calls, messages, and dates to which she did not come."""
    tried = (_noted(TRIED), _met(MeetingState.NOT_MET), _in_group((Presence.NOT_MET,)))
    return sum((_since(one) for one in tried), sa.literal(0))


def _since(moments: sa.Select[Any]) -> sa.ScalarSelect[Any]:
    (column,) = moments.selected_columns
    return _one(moments.where(column > _moment()).with_only_columns(sa.func.count()))


def _limit() -> Any:
    cti = sa.case(*((CtiCourse.phase == phase, days) for phase, days in CTI_DAYS.items()), else_=COURSE_DAYS)
    days = sa.case((Enrolment.kind == TrackKind.CTI, cti), else_=COURSE_DAYS)
    shortest = (
        sa.select(sa.func.min(days))
        .select_from(Enrolment)
        .outerjoin(CtiCourse, CtiCourse.enrolment_id == Enrolment.id)
        .where(Enrolment.case_id == Case.id, Enrolment.state.in_(LIVE))
    )
    return sa.func.coalesce(_one(shortest), CASE_DAYS)


def _long(today: date, *more: Any, where: sa.ColumnElement[bool]) -> Any:
    """Open cases in which it has been quiet for as long as it may be, the longest first, as a subquery."""
    # Who has died is not silent.
    lives = ~standing.stands(Case.id, StandingKind.DIED)
    open_ = sa.and_(Case.state == CaseState.OPEN, Case.erased_at.is_(None), lives)
    cases = sa.select(Case.id, Case.public_id, *columns(), *more).where(open_, where).subquery()
    return cases, today - cases.c.reached_on >= cases.c.quiet_limit


def _page(statement: Any, cases: Any, after: str | None) -> tuple[Sequence[Any], str | None]:
    """One page, the longest first, and where the next begins. Raises ValueError for a cursor of another list."""
    key = cases.c.reached_on, cases.c.id
    if after is not None:
        statement = statement.where(sa.tuple_(*key) > decode(after, date, int))
    rows = db.session.execute(statement.order_by(*key).limit(PAGE_SIZE + 1)).all()
    shown = rows[:PAGE_SIZE]
    return shown, encode(shown[-1].reached_on, shown[-1].id) if len(rows) > PAGE_SIZE else None


def list_own(actor: Actor, *, today: date, after: str | None = None) -> tuple[list[QuietRow], str | None]:
    """The own house's cases on whose team the actor is, in which it has been quiet for long (R-724, R-761)."""
    own = sa.and_(visible_cases(actor), Case.owner_organisation_id == actor.organisation_id)
    cases, is_long = _long(today, where=own)
    counted = (cases.c.id, cases.c.reached_on, cases.c.attempts, cases.c.quiet_limit)
    rows, following = _page(
        sa.select(Case, Client, *counted, *lens_columns(actor))
        .select_from(cases)
        .join(Case, Case.id == cases.c.id)
        .join(Client, Client.id == Case.client_id)
        .where(is_long),
        cases,
        after,
    )
    found = [
        QuietRow(row.Case.reference, read(row), row.Case.public_id, shown_name(row.Client.name, lens_from(actor, row)))
        for row in rows
    ]
    return found, following


@as_system()
def list_of_house(actor: Actor, *, today: date, after: str | None = None) -> tuple[list[QuietRow], str | None]:
    """The same for whoever leads the house: numbers under the reference for leads, nobody's name (R-725)."""
    cases, is_long = _of_house(actor, today)
    rows, following = _page(sa.select(cases).where(is_long), cases, after)
    return [QuietRow(row.lead_reference, read(row)) for row in rows], following


def _of_house(actor: Actor, today: date) -> Any:
    own = sa.and_(Case.owner_organisation_id == actor.organisation_id, is_open_to(actor, Case.id))
    return _long(today, Case.lead_reference, where=own)


def long_of_house(actor: Actor, today: date) -> sa.Select[Any]:
    """The same as a statement, to be counted."""
    cases, is_long = _of_house(actor, today)
    return sa.select(cases.c.id).where(is_long)


@as_system()
def count_by_worker(actor: Actor, *, today: date) -> dict[int, int]:
    """In how many of the cases that she gives a course in it has been quiet for long, by worker of the house."""
    rows = db.session.execute(_by_worker(actor, today))
    return {worker: number for worker, number in rows if worker is not None}


@built_once
def _by_worker(actor: Actor, today: date) -> sa.Select[int | None, int]:
    runs = sa.and_(Enrolment.organisation_id == actor.organisation_id, Enrolment.state.in_(LIVE))
    given = sa.select(Enrolment.case_id).where(runs)
    cases, is_long = _long(today, where=sa.and_(Case.id.in_(given), is_open_to(actor, Case.id)))
    return (
        sa.select(Enrolment.worker_id, sa.func.count(sa.distinct(Enrolment.case_id)))
        .join(cases, cases.c.id == Enrolment.case_id)
        .where(is_long, runs)
        .group_by(Enrolment.worker_id)
    )


def crossing_key(case_public_id: Any, since: Any) -> Any:
    """Under which key of the work list one crossing stands: of this case, since this day."""
    return sa.func.concat_ws(":", DeadlineKind.SILENCE.value, case_public_id, since)


def list_to_tell(today: date) -> list[tuple[Case, date]]:
    """Cases in which it has been quiet for long, and since when, of which the work list has not told yet."""
    cases, is_long = _long(today, where=sa.true())
    is_told = sa.exists().where(Deadline.source_key == crossing_key(cases.c.public_id, cases.c.reached_on))
    rows = db.session.execute(
        sa.select(Case, cases.c.reached_on)
        .select_from(cases)
        .join(Case, Case.id == cases.c.id)
        .where(is_long, ~is_told)
        .order_by(Case.id)
    )
    return [(case, since) for case, since in rows]


def list_over() -> list[str]:
    """Cases that stand on a work list for a silence that is over: their public ids."""
    rows = db.session.scalars(
        sa.select(Case.public_id)
        .join(Deadline, Deadline.case_id == Case.id)
        .where(Deadline.kind == DeadlineKind.SILENCE, Deadline.state == DeadlineState.OPEN)
        .where(Deadline.source_key != crossing_key(Case.public_id, _reached()))
        .order_by(Case.id)
    )
    return list(rows)
