"""Visits to her home other than by a task of the board: furnishing, and volunteers who accompany her (R-762).

They wait while her safety is looked at anew, and after her death (R-816). Whoever would come learns that they are put
off, and nothing else.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Role
from portal.core.errors import NotNow
from portal.core.i18n import _
from portal.core.kinds import MeetingKind, SubjectType
from portal.core.messages import MessageKind
from portal.core.states import FurnishingState, MeetingState
from portal.db import db
from portal.models.enrolments import Enrolment
from portal.models.furnishing import FurnishingProject
from portal.models.meetings import Meeting
from portal.models.users import Membership
from portal.models.volunteers import Volunteer, VolunteerMatch
from portal.queries.visibility import LIVE
from portal.services import audit, task_holds
from portal.services.messages import notify
from portal.wall import as_system

# Meetings at which somebody of the network comes to her.
VISITS = frozenset({MeetingKind.FURNISHING, MeetingKind.VOLUNTEER_MEETING})
OVER = (FurnishingState.CLOSED, FurnishingState.CANCELLED)
# Whom to tell, and of what: a volunteer has no page of a project, so hers is about nothing.
Told = tuple[int, SubjectType, str | None]


def must_be_on(case_id: int) -> None:
    """Raise NotNow while visits to her wait: also to somebody who may not know why."""
    if task_holds.is_held(case_id):
        raise NotNow(_("Visits have been put off. Wait until they are on again."))


def hold_all(case_id: int, *, actor: Actor, now: datetime) -> None:
    """Put off whatever brings a volunteer to her."""
    task_holds.hold(case_id, actor=actor, now=now)
    hold(case_id, actor=actor, now=now)


def lift_all(case_id: int, *, actor: Actor, now: datetime) -> None:
    """Let all of it go on, unless there is something else that it waits for."""
    if not task_holds.is_held(case_id):
        task_holds.lift(case_id, actor=actor, now=now)
        lift(case_id, actor=actor, now=now)


def hold(case_id: int, *, actor: Actor, now: datetime) -> int:
    """Put off what furnishes her home and whoever accompanies her. Returns how many projects wait by it."""
    return _set(case_id, FurnishingProject.held_at.is_(None), now, actor=actor, now=now)


def lift(case_id: int, *, actor: Actor, now: datetime) -> int:
    """Let visits go on. Returns how many projects go on by it."""
    return _set(case_id, FurnishingProject.held_at.is_not(None), None, actor=actor, now=now)


def _set(
    case_id: int, changes: sa.ColumnElement[bool], held_at: datetime | None, *, actor: Actor, now: datetime
) -> int:
    courses = sa.select(Enrolment.id).where(Enrolment.case_id == case_id)
    # Other houses' projects too, which the one who acts may not see.
    with as_system():
        projects = db.session.execute(
            sa.update(FurnishingProject)
            .where(FurnishingProject.enrolment_id.in_(courses), FurnishingProject.state.not_in(OVER), changes)
            .values(held_at=held_at, version=FurnishingProject.version + 1)
            .returning(FurnishingProject.public_id, FurnishingProject.organisation_id, FurnishingProject.architect_id)
            .execution_options(synchronize_session="fetch")
        ).all()
        told = [*_of_projects(projects), *_of_matches(case_id), *_of_meetings(case_id, now)]
    tag = Audit.VISITS_POSTPONED if held_at else Audit.VISITS_RESUMED
    for project in projects:
        audit.record(tag, SubjectType.FURNISHING, project.public_id, actor=actor, now=now, case_id=case_id)
    kind = MessageKind.VISITS_POSTPONED if held_at else MessageKind.VISITS_RESUMED
    for user_id, subject_type, public_id in dict.fromkeys(told):
        key = f"{kind.value}:{public_id or case_id}:{user_id}:{now.isoformat()}"
        notify(kind, user_id, subject_type, public_id, dedupe_key=key, actor=actor, now=now)
    return len(projects)


def _of_projects(projects: Iterable[sa.Row[str, int, int | None]]) -> list[Told]:
    rows = list(projects)
    architects = db.session.scalars(
        sa.select(Volunteer.user_id).where(Volunteer.id.in_({row.architect_id for row in rows if row.architect_id}))
    )
    coordinators = db.session.execute(
        sa.select(Membership.user_id, Membership.organisation_id).where(
            Membership.organisation_id.in_({row.organisation_id for row in rows}),
            Membership.role == Role.VOLUNTEER_COORDINATOR,
            Membership.is_live,
        )
    ).all()
    own = [
        (user_id, SubjectType.FURNISHING, row.public_id)
        for user_id, organisation_id in coordinators
        for row in rows
        if row.organisation_id == organisation_id
    ]
    return [*((user_id, SubjectType.SYSTEM, None) for user_id in architects), *own]


def _of_matches(case_id: int) -> list[Told]:
    live = (
        sa.select(Volunteer.user_id)
        .join(VolunteerMatch, VolunteerMatch.volunteer_id == Volunteer.id)
        .join(Enrolment, Enrolment.id == VolunteerMatch.enrolment_id)
        .where(Enrolment.case_id == case_id, VolunteerMatch.ended_on.is_(None), Enrolment.state.in_(LIVE))
    )
    return [(user_id, SubjectType.SYSTEM, None) for user_id in db.session.scalars(live)]


def _of_meetings(case_id: int, now: datetime) -> list[Told]:
    ahead = sa.select(Meeting.responsible_id, Meeting.public_id).where(
        Meeting.case_id == case_id,
        Meeting.kind.in_(VISITS),
        Meeting.state == MeetingState.PLANNED,
        Meeting.starts_at > now,
    )
    return [(user_id, SubjectType.MEETING, public_id) for user_id, public_id in db.session.execute(ahead)]
