"""What ends when she takes back the consent that let an organisation into her case: its seats, meetings and courses."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import MeetingCancelReason, SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.enrolments import LIVE, TEAM_KINDS
from portal.models.cases import Case, TeamMember
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.models.users import Membership
from portal.queries.barriers import blocked_cases
from portal.services import case_marks, cutting_off, deadlines, followups, messages, team, teamless
from portal.wall import as_system


@as_system()
def end_part(case: Case, organisation_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an organisation's people off the case at once (R-840). The caller has asked whether the law keeps them.

    Somebody of the owning house is the one to ask where one of them was, and has what was due of theirs. Meetings that
    they were to hold with her are called off. Courses stay, without anybody, until the owning house has ended them.
    """
    had_primary = case_marks.primary_of(case)
    people = team.take_house_off(case, organisation_id, actor=actor, now=now)
    if had_primary in people:
        _fall_back(case, actor=actor, now=now)
    primary = case_marks.primary_of(case)
    theirs = Meeting.organisation_id == organisation_id
    cutting_off.call_off_meetings(case, theirs, MeetingCancelReason.HER_WISH, actor=actor, now=now)
    for course in _running(case, organisation_id):
        _leave_course(course, case, primary, now=now)
    db.session.execute(
        sa.update(Deadline)
        .where(Deadline.case_id == case.id, Deadline.owner_id.in_(people), deadlines.is_to_do())
        .values(owner_id=primary, organisation_id=case.owner_organisation_id)
    )
    teamless.alarm([case.id], actor=actor, now=now)
    db.session.flush()


def _fall_back(case: Case, *, actor: Actor, now: datetime) -> None:
    """Make the one of the owning house who has been here longest the one to ask; with nobody there it stays open."""
    user_id = db.session.scalar(
        sa.select(TeamMember.user_id)
        .join(Membership, Membership.id == TeamMember.membership_id)
        .where(
            TeamMember.case_id == case.id,
            TeamMember.organisation_id == case.owner_organisation_id,
            TeamMember.ended_at.is_(None),
            TeamMember.absence_id.is_(None),
            Membership.is_live,
            TeamMember.case_id.not_in(blocked_cases(TeamMember.user_id)),
        )
        .order_by(TeamMember.joined_at, TeamMember.id)
        .limit(1)
    )
    if user_id is None:
        return
    team.join_team(case.id, user_id, actor=actor, now=now, is_primary=True)
    if user_id != actor.user_id:
        messages.notify(
            MessageKind.CASE_HANDED_OVER,
            user_id,
            SubjectType.CASE,
            case.public_id,
            actor=actor,
            now=now,
            case_id=case.id,
            dedupe_key=f"fell_back:{case.public_id}:{user_id}:{now.isoformat()}",
        )
    db.session.flush()


def _leave_course(course: Enrolment, case: Case, primary: int | None, *, now: datetime) -> None:
    """A course whose house knows of her no more: the one whom the others ask ends it, and finds her other help."""
    if course.kind in TEAM_KINDS:
        course.worker_id = None
        db.session.flush()
        followups.hand_over(course, owner_id=primary)
    deadlines.put_up(
        DeadlineKind.COURSE_LEFT,
        SubjectType.ENROLMENT,
        course.public_id,
        due_on=local_date(now),
        organisation_id=case.owner_organisation_id,
        owner_id=primary,
        case_id=case.id,
        now=now,
    )


def _running(case: Case, organisation_id: int) -> list[Enrolment]:
    theirs = (Enrolment.case_id == case.id, Enrolment.organisation_id == organisation_id, Enrolment.state.in_(LIVE))
    return list(db.session.scalars(sa.select(Enrolment).where(*theirs).order_by(Enrolment.id)))
