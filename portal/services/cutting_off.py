"""What ends when somebody is kept out of a case: her seat on the team, her courses, her claims, what is due, news."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import SYSTEM, Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import MeetingCancelReason, SubjectType
from portal.core.states import MeetingState
from portal.db import db
from portal.domain.enrolments import LIVE
from portal.domain.tasks import LIVE_CLAIM
from portal.models.cases import Case, TeamMember
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.models.messages import Message
from portal.models.tasks import Claim, Task
from portal.models.volunteers import Volunteer
from portal.queries import safety as safety_queries
from portal.services import case_marks, claims, deadlines, followups, meetings, teamless, workerless
from portal.wall import as_system


@as_system()
def cut_off(case: Case, people: list[int], *, actor: Actor, now: datetime, house: int | None = None) -> None:
    """End what these people have in the case (R-379). What was due of theirs goes to the one whom the others ask.

    Meetings that they were to hold are called off, for they know where she will be; somebody tells her. A course that
    one of them runs has nobody until its house gives it to somebody else; one of a whole house that is kept out has
    nobody at all (R-577).
    """
    db.session.execute(
        sa.update(TeamMember)
        .where(
            TeamMember.case_id == case.id,
            TeamMember.user_id.in_(people),
            TeamMember.ended_at.is_(None),
            TeamMember.is_primary.is_(False),
        )
        .values(ended_at=now)
    )
    db.session.execute(sa.delete(Message).where(Message.case_id == case.id, Message.recipient_id.in_(people)))
    primary = case_marks.primary_of(case)
    theirs = Meeting.responsible_id.in_(people)
    call_off_meetings(case, theirs, MeetingCancelReason.SAFETY, actor=actor, now=now)
    for course in _running(case, people, house):
        course.worker_id = None
        db.session.flush()
        followups.hand_over(course, owner_id=primary)
        workerless.ask(course, case, now=now)
    db.session.execute(
        sa.update(Deadline)
        .where(Deadline.case_id == case.id, Deadline.owner_id.in_(people), deadlines.is_to_do())
        .values(owner_id=primary)
    )
    for claim in _taken(case, people):
        claims.take_silently(claim, actor=actor, now=now)


@as_system()
def catch_up(user_id: int, organisation_id: int, *, now: datetime) -> None:
    """Somebody works for one more house: what it is kept out of ends for her as if that were said now (R-374)."""
    for case in safety_queries.list_closed_to(organisation_id):
        db.session.execute(
            sa.update(TeamMember)
            .where(TeamMember.case_id == case.id, TeamMember.user_id == user_id, TeamMember.is_primary)
            .where(TeamMember.ended_at.is_(None))
            .values(is_primary=False)
        )
        cut_off(case, [user_id], actor=SYSTEM, now=now)
        teamless.alarm([case.id], actor=SYSTEM, now=now)


def call_off_meetings(
    case: Case, theirs: sa.ColumnElement[bool], reason: MeetingCancelReason, *, actor: Actor, now: datetime
) -> None:
    """Call off what is planned with her by those who lose the case; the one whom the others ask tells her."""
    primary = case_marks.primary_of(case)
    for meeting in _planned(case, theirs, now):
        meetings.call_off(meeting, reason, actor=actor, now=now)
        deadlines.put_up(
            DeadlineKind.MEETING_CALLED_OFF,
            SubjectType.MEETING,
            meeting.public_id,
            due_on=local_date(now),
            organisation_id=case.owner_organisation_id,
            owner_id=primary,
            case_id=case.id,
            now=now,
        )


def _planned(case: Case, theirs: sa.ColumnElement[bool], now: datetime) -> list[Meeting]:
    planned = (Meeting.case_id == case.id, theirs, Meeting.state == MeetingState.PLANNED)
    ahead = sa.select(Meeting).where(*planned, Meeting.starts_at > now).order_by(Meeting.id)
    return list(db.session.scalars(ahead))


def _running(case: Case, people: list[int], house: int | None) -> list[Enrolment]:
    whose = sa.or_(Enrolment.worker_id.in_(people), Enrolment.organisation_id == house)
    theirs = (Enrolment.case_id == case.id, Enrolment.state.in_(LIVE), whose)
    return list(db.session.scalars(sa.select(Enrolment).where(*theirs).order_by(Enrolment.id)))


def _taken(case: Case, people: list[int]) -> list[Claim]:
    return list(
        db.session.scalars(
            sa.select(Claim)
            .join(Claim.task)
            .join(Claim.volunteer)
            .options(sa.orm.contains_eager(Claim.task), sa.orm.contains_eager(Claim.volunteer))
            .where(Task.case_id == case.id, Volunteer.user_id.in_(people), Claim.state.in_(LIVE_CLAIM))
        )
    )
