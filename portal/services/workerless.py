"""A course whose worker is gone: somebody of its house is asked to give it to a colleague, and gives it."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Forbidden, NotFound
from portal.core.kinds import SubjectType
from portal.core.safety import PlacementPath
from portal.domain.enrolments import TEAM_KINDS, queue_role
from portal.domain.permissions import require
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.queries import workerless as queries
from portal.queries import workers
from portal.services import case_marks, course_workers, deadlines, placements
from portal.wall import as_system

# Who gives a course of this house away. A course of a track of its own is seen by all who lead that track.
GIVERS = (Role.INTAKE, Role.PROGRAMME_LEAD)


def ask(course: Enrolment, case: Case, *, now: datetime) -> None:
    """Put it on the work list of those at the course's house who can give it to somebody (R-577).

    Where nobody there may know of the case any more, it is the one whom the others ask who finds her other help.
    """
    roles = GIVERS if course.kind in TEAM_KINDS else (queue_role(course.kind),)
    asked = queries.find_asked(course.organisation_id, roles, case.id)
    deadlines.put_up(
        DeadlineKind.WORKER_WANTED if asked else DeadlineKind.COURSE_LEFT,
        SubjectType.ENROLMENT,
        course.public_id,
        due_on=local_date(now),
        organisation_id=course.organisation_id if asked else case.owner_organisation_id,
        owner_id=None if asked else case_marks.primary_of(case),
        queue_role=asked,
        case_id=case.id,
        now=now,
    )


@as_system()
def give(public_id: str, user_public_id: str, *, actor: Actor, now: datetime) -> None:
    """Give a course that waits to a colleague, with what is due in it (R-577). Never to oneself.

    Raises Forbidden for a wrong role and for oneself, NotFound when it does not wait or the colleague cannot take it,
    AskFirst where one asks first (R-751).
    """
    require(actor, Permission.CASE_ADOPT)
    course = queries.get_waiting(actor, public_id)
    takers = workers.list_workers(course.organisation_id, course.kind, course.case_id)
    taker = next((row.user_id for row in takers if row.public_id == user_public_id), None)
    if taker is None:
        raise NotFound
    if taker == actor.user_id:
        raise Forbidden
    placements.check(PlacementPath.WORKER, course.public_id, user_public_id, now=now)
    course_workers.hand_to(course, taker, actor=actor, now=now)
