"""A programme's own clocks, put on the work list when what they count from happens (R-667)."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.core.programmes import ClockActor, ClockStart
from portal.db import db
from portal.domain.enrolments import queue_role
from portal.domain.programme_clocks import clock_due_on, clocks_from
from portal.domain.programmes import Rules
from portal.models.enrolments import Enrolment
from portal.models.referrals import TrackRequest
from portal.services import deadlines
from portal.services.request_events import queue_role as intake_role


def start_on_request(request: TrackRequest, rules: Rules, *, now: datetime) -> None:
    """Put up the clocks that count from the day the referral was sent: intake's, without the case (R-667)."""
    for clock in clocks_from(rules, ClockStart.SENT):
        deadlines.put_up(
            DeadlineKind.PROGRAMME_CLOCK,
            SubjectType.REQUEST,
            request.public_id,
            due_on=clock_due_on(clock, local_date(now)),
            organisation_id=request.organisation_id,
            queue_role=intake_role(request),
            now=now,
            suffix=clock.key,
        )


def start_on_course(enrolment: Enrolment, rules: Rules, start: ClockStart, *, on: date, now: datetime) -> None:
    """Put up the clocks that count from the place being given, or from the start (R-667).

    The worker's stand on her list with the case; intake's on intake's, about the request: it sees no case.
    """
    for clock in clocks_from(rules, start):
        due = clock_due_on(clock, on)
        if clock.who is ClockActor.WORKER:
            _put_up_for_worker(enrolment, clock.key, due, now=now)
        else:
            _put_up_for_intake(enrolment, clock.key, due, now=now)


def _put_up_for_worker(enrolment: Enrolment, key: str, due: date, *, now: datetime) -> None:
    deadlines.put_up(
        DeadlineKind.PROGRAMME_CLOCK,
        SubjectType.ENROLMENT,
        enrolment.public_id,
        due_on=due,
        organisation_id=enrolment.organisation_id,
        owner_id=enrolment.worker_id,
        queue_role=None if enrolment.worker_id else queue_role(enrolment.kind),
        case_id=enrolment.case_id,
        now=now,
        suffix=key,
    )


def _put_up_for_intake(enrolment: Enrolment, key: str, due: date, *, now: datetime) -> None:
    asked = db.session.scalar(sa.select(TrackRequest.public_id).where(TrackRequest.id == enrolment.request_id))
    deadlines.put_up(
        DeadlineKind.PROGRAMME_CLOCK,
        SubjectType.REQUEST if asked else SubjectType.ENROLMENT,
        asked or enrolment.public_id,
        due_on=due,
        organisation_id=enrolment.organisation_id,
        queue_role=Role.INTAKE,
        now=now,
        suffix=key,
    )
