"""An ended course goes on: by whom, until when, with what becomes of its days and its follow-ups."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.courses import ReopenReason
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, NotFound, NotNow
from portal.core.kinds import EndReason, TrackKind
from portal.core.measures import FollowUpPoint
from portal.core.messages import MessageKind
from portal.core.states import DeadlineState, EnrolmentState, FollowUpState
from portal.db import db
from portal.domain.enrolments import REOPENS, may_reopen
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.messages import Message
from portal.models.users import Membership
from portal.queries import ended_courses as queries
from portal.services import course_returns, enrolments
from tests.factories.enrolments import UNCHECKED, make_enrolment
from tests.factories.people import actor_of, make_member

pytestmark = pytest.mark.usefixtures("session")
SUPPORT = TrackKind.TRANSITION_SUPPORT


def make_ended(kind: TrackKind = SUPPORT) -> tuple[Membership, Membership, Enrolment]:
    """A worker, the lead of her house, and a course that has ended early today."""
    worker, course = make_enrolment(kind, is_started=True)
    lead = make_member(Role.PROGRAMME_LEAD, worker.organisation)
    now = utc_now()
    enrolments.end_early(
        course, EndReason.HER_WISH, local_date(now), unchecked=UNCHECKED, actor=actor_of(worker), now=now
    )
    return worker, lead, course


def reopen(lead: Membership, course: Enrolment, *, days: int = 0) -> None:
    course_returns.reopen(
        course.public_id, ReopenReason.MISTAKE, actor=actor_of(lead), now=utc_now() + timedelta(days=days, minutes=1)
    )
    db.session.expire_all()


def points(course_id: int) -> set[FollowUpPoint]:
    """What is planned to be asked in a course."""
    statement = sa.select(FollowUp.point).where(
        FollowUp.enrolment_id == course_id, FollowUp.state != FollowUpState.CANCELLED
    )
    return set(db.session.scalars(statement))


@pytest.mark.parametrize("state", EnrolmentState)
@pytest.mark.parametrize("kind", TrackKind)
@pytest.mark.parametrize(("days", "in_time"), [(0, True), (90, True), (91, False)])
def test_which_courses_go_on_and_how_long(state: EnrolmentState, kind: TrackKind, days: int, in_time: bool) -> None:
    today = local_date(utc_now())
    ends = state in (EnrolmentState.COMPLETED, EnrolmentState.ENDED_EARLY)
    assert may_reopen(state, kind, today - timedelta(days=days), today) is (ends and kind in REOPENS and in_time)
    assert may_reopen(state, kind, None, today) is False


@pytest.mark.parametrize("kind", [kind for kind in REOPENS if kind is not TrackKind.COURSE])
def test_it_goes_on_with_its_worker_who_is_told_and_the_end_is_planned_anew(kind: TrackKind) -> None:
    worker, lead, course = make_ended(kind)
    course_id, public_id, worker_id = course.id, course.public_id, worker.user_id
    before = points(course_id)
    assert FollowUpPoint.END in before
    told = sa.select(sa.func.count()).where(
        Message.kind == MessageKind.ENROLMENT_ASSIGNED, Message.recipient_id == worker_id
    )
    many = db.session.scalar(told) or 0
    reopen(lead, course, days=30)
    found = db.session.get_one(Enrolment, course_id)
    assert (found.state, found.ended_on, found.end_reason) == (EnrolmentState.ACTIVE, None, None)
    assert found.worker_id == worker_id and db.session.scalar(told) == many + 1
    assert points(course_id) == before - {FollowUpPoint.END, FollowUpPoint.AFTER_3, FollowUpPoint.LATER}
    late = sa.select(Deadline.id).where(
        Deadline.subject_public_id == public_id,
        Deadline.state == DeadlineState.OPEN,
        Deadline.due_on < local_date(utc_now() + timedelta(days=30)),
    )
    assert db.session.scalar(late) is None, "nobody was late while it had ended"
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.ENROLMENT_REOPENED)).one()
    assert entry.reason == ReopenReason.MISTAKE.value
    again = enrolments.queries.get(actor_of(worker), public_id)
    then = utc_now() + timedelta(days=40)
    enrolments.complete(again, local_date(then), unchecked=UNCHECKED, actor=actor_of(worker), now=then)
    assert points(course_id) == before


def test_where_the_worker_has_left_somebody_is_asked_for() -> None:
    worker, lead, course = make_ended()
    worker.ended_at = utc_now()
    db.session.flush()
    public_id = course.public_id
    reopen(lead, course)
    row = sa.select(Deadline.state).where(
        Deadline.subject_public_id == public_id, Deadline.kind == DeadlineKind.WORKER_WANTED
    )
    assert db.session.scalar(row) is DeadlineState.OPEN


def test_only_a_lead_of_the_house_in_time_and_not_twice() -> None:
    worker, lead, course = make_ended()
    public_id = course.public_id
    refusals: list[tuple[Any, type[Exception], int]] = [
        (worker, Forbidden, 0),
        (make_member(Role.PROGRAMME_LEAD), NotFound, 0),
        (lead, NotNow, 91),
    ]
    for who, refusal, days in refusals:
        with pytest.raises(refusal):
            course_returns.reopen(
                public_id, ReopenReason.HER_WISH, actor=actor_of(who), now=utc_now() + timedelta(days=days)
            )
    assert [row.public_id for row in queries.list_ended(actor_of(lead), local_date(utc_now()))] == [public_id]
    reopen(lead, course)
    assert queries.list_ended(actor_of(lead), local_date(utc_now())) == []
    with pytest.raises(NotFound):
        reopen(lead, db.session.get_one(Enrolment, course.id))


def test_a_new_course_at_the_same_offer_stands_in_the_way() -> None:
    worker, lead, course = make_ended()
    case_id, offer = course.case_id, course.offer
    enrolments.propose(case_id=case_id, offer=offer, actor=actor_of(worker), now=utc_now(), worker_id=worker.user_id)
    with pytest.raises(Conflict):
        reopen(lead, course)


def test_a_group_a_home_and_cti_begin_anew() -> None:
    _worker, lead, course = make_ended(TrackKind.CTI)
    with pytest.raises(NotFound):
        reopen(lead, course)
    assert course.state is EnrolmentState.ENDED_EARLY
