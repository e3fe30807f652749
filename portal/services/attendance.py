"""Who came to a group meeting, what follows from it, and leaving a group."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import NotFound
from portal.core.kinds import EndReason, SubjectType
from portal.core.states import EnrolmentState, MeetingState, Presence
from portal.db import db
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.groups import (
    CAME,
    WORKFLOW,
    RoundAction,
    check_correctable,
    needs_welfare_check,
)
from portal.domain.last_checks import Unchecked
from portal.domain.workflow import check_step
from portal.models.cases import Case, TeamMember
from portal.models.enrolments import Enrolment
from portal.models.groups import GroupRound
from portal.models.meetings import Attendance, Meeting
from portal.services import deadlines, enrolments, meetings


def set_presence(meeting: Meeting, enrolment: Enrolment, presence: Presence, *, actor: Actor, now: datetime) -> None:
    """Mark one participant at one meeting (R-356). Coming for the first time begins her course (R-359).

    Two missed meetings in a row put a friendly word on the list of the one whom the others ask (R-357). `enrolment`
    has offer and programme loaded. Raises NotFound for somebody of another round, NotNow, Forbidden.
    """
    if enrolment.round_id is None or enrolment.round_id != meeting.round_id:
        raise NotFound
    day = local_date(meeting.starts_at)
    check_correctable(day, local_date(now))
    meetings.set_presence(meeting, enrolment.id, presence, actor=actor, now=now)
    if presence in CAME and enrolment.state is EnrolmentState.PROPOSED:
        enrolments.start(enrolment, started_on=day, actor=actor, now=now)
    _look_after(enrolment, actor=actor, now=now)
    db.session.flush()


@dataclass(frozen=True, slots=True)
class Leaving:
    """Why and when she leaves the group, and why nobody has looked at her safety where nobody has (R-785)."""

    reason: EndReason
    on: date
    note: str | None = None
    unchecked: Unchecked | None = None


def leave(
    row: GroupRound,
    enrolment: Enrolment,
    leaving: Leaving,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """She leaves the group for a reason; the seat is free again. `enrolment` has offer and programme loaded.

    Raises NotFound for somebody of another round, Invalid, NotNow, Forbidden.
    """
    check_step(WORKFLOW, RoundAction.LEAVE, row.state, actor)
    if enrolment.round_id != row.id:
        raise NotFound
    if enrolment.state is EnrolmentState.PROPOSED:
        enrolments.never_started(enrolment, leaving.reason, leaving.note, actor=actor, now=now)
    else:
        enrolments.end_early(
            enrolment, leaving.reason, leaving.on, leaving.note, leaving.unchecked, actor=actor, now=now
        )


def _look_after(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    marks = db.session.scalars(
        sa.select(Attendance.presence)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Attendance.enrolment_id == enrolment.id, Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    case_public_id = db.session.scalars(sa.select(Case.public_id).where(Case.id == enrolment.case_id)).one()
    if not needs_welfare_check(marks):
        deadlines.finish(DeadlineKind.WELFARE_CHECK, case_public_id, actor=actor, now=now, suffix=enrolment.public_id)
        return
    primary = db.session.execute(
        sa.select(TeamMember.user_id, TeamMember.organisation_id).where(
            TeamMember.case_id == enrolment.case_id, TeamMember.ended_at.is_(None), TeamMember.is_primary
        )
    ).first()
    deadlines.put_up(
        DeadlineKind.WELFARE_CHECK,
        SubjectType.CASE,
        case_public_id,
        due_on=due_on(ClockKey.WELFARE_CHECK, local_date(now)),
        organisation_id=primary.organisation_id if primary else enrolment.organisation_id,
        owner_id=primary.user_id if primary else None,
        case_id=enrolment.case_id,
        now=now,
        suffix=enrolment.public_id,
    )
