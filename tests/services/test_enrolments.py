"""A course is given once, begun, rested and ended; what is due follows it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.courses import PauseReason
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.kinds import EndReason, TrackKind
from portal.core.states import DeadlineState, EnrolmentState
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.cases import TeamMember
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.messages import Message
from portal.models.programmes import Offer
from portal.services import course_workers, enrolments, own_approaches, take_overs
from tests.factories.enrolments import UNCHECKED, make_enrolment
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_offer

pytestmark = pytest.mark.usefixtures("session")
SUPPORT = TrackKind.TRANSITION_SUPPORT


def due(course: Enrolment, kind: DeadlineKind) -> list[Deadline]:
    return list(
        db.session.scalars(
            sa.select(Deadline).where(
                Deadline.subject_public_id == course.public_id,
                Deadline.kind == kind,
                Deadline.state == DeadlineState.OPEN,
            )
        )
    )


def test_a_place_comes_with_a_worker_on_the_team_a_message_and_a_first_contact() -> None:
    worker, course = make_enrolment(SUPPORT)
    (row,) = due(course, DeadlineKind.FIRST_CONTACT)
    assert (row.due_on, row.owner_id) == (local_date(utc_now()) + timedelta(days=7), worker.user_id)
    on_team = sa.select(TeamMember.id).where(TeamMember.case_id == course.case_id, TeamMember.user_id == worker.user_id)
    assert db.session.scalar(on_team)
    assert db.session.scalar(sa.select(Message.recipient_id).where(Message.recipient_id == worker.user_id))


def test_the_same_offer_is_given_once() -> None:
    worker, course = make_enrolment(SUPPORT)
    offer = db.session.get_one(Offer, course.offer_id)
    with pytest.raises(Conflict, match=r"already takes part|deltager allerede"):
        enrolments.propose(case_id=course.case_id, offer=offer, actor=actor_of(worker), now=utc_now())


def test_the_same_offer_may_be_given_again_when_the_first_has_ended() -> None:
    worker, course = make_enrolment(SUPPORT)
    actor, now = actor_of(worker), utc_now()
    enrolments.never_started(course, EndReason.HER_WISH, actor=actor, now=now)
    offer = db.session.get_one(Offer, course.offer_id)
    again = enrolments.propose(case_id=course.case_id, offer=offer, actor=actor, now=now)
    assert again.id != course.id


def test_without_a_named_worker_the_one_with_the_fewest_courses_takes_it() -> None:
    worker, _course = make_enrolment(SUPPORT)
    free = make_member(Role.PROGRAMME_WORKER, worker.organisation)
    contact = make_member()
    given = enrolments.propose(
        case_id=make_case(contact).id,
        offer=make_offer(SUPPORT, worker.organisation),
        actor=actor_of(contact),
        now=utc_now(),
    )
    assert given.worker_id == free.user_id


def test_the_start_plans_her_first_follow_up_and_takes_the_contact_off_the_list() -> None:
    _worker, course = make_enrolment(SUPPORT, is_started=True)
    assert course.state is EnrolmentState.ACTIVE
    assert due(course, DeadlineKind.FIRST_CONTACT) == []
    assert db.session.scalar(sa.select(sa.func.count()).where(FollowUp.enrolment_id == course.id)) == 1


def test_a_pause_is_due_again_and_going_on_takes_it_off() -> None:
    worker, course = make_enrolment(SUPPORT, is_started=True)
    actor, now, day = actor_of(worker), utc_now(), local_date(utc_now()) + timedelta(days=20)
    enrolments.pause(course, PauseReason.HOSPITAL, day, actor=actor, now=now)
    assert [row.due_on for row in due(course, DeadlineKind.OTHER)] == [day]
    enrolments.resume(course, actor=actor, now=now)
    assert due(course, DeadlineKind.OTHER) == []
    assert course.pause_review_on is None


def test_an_end_plans_the_last_follow_ups_and_clears_what_was_due() -> None:
    worker, course = make_enrolment(SUPPORT, is_started=True)
    enrolments.complete(course, local_date(utc_now()), unchecked=UNCHECKED, actor=actor_of(worker), now=utc_now())
    points = set(db.session.scalars(sa.select(FollowUp.point).where(FollowUp.enrolment_id == course.id)))
    assert {"end", "after_3"} <= {point.value for point in points}
    assert due(course, DeadlineKind.COURSE_END) == []
    assert course.end_reason is EndReason.COMPLETED


def test_every_step_leaves_one_line_in_the_trail() -> None:
    worker, course = make_enrolment(SUPPORT, is_started=True)
    enrolments.end_early(
        course, EndReason.HER_WISH, local_date(utc_now()), unchecked=UNCHECKED, actor=actor_of(worker), now=utc_now()
    )
    actions = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.subject_public_id == course.public_id).order_by(AuditEntry.id)
    )
    assert [action.value for action in actions] == [
        "enrolment:proposed",
        "enrolment:started",
        "enrolment:unchecked",
        "enrolment:ended",
    ]


def test_a_colleague_elsewhere_sees_it_but_may_not_end_it() -> None:
    _worker, course = make_enrolment(SUPPORT, is_started=True)
    elsewhere = make_member(Role.PROGRAMME_WORKER)
    with pytest.raises(Forbidden):
        enrolments.complete(
            course, local_date(utc_now()), unchecked=UNCHECKED, actor=actor_of(elsewhere), now=utc_now()
        )


def test_a_course_changes_hands_within_the_house_only() -> None:
    worker, course = make_enrolment(SUPPORT)
    colleague, stranger = make_member(Role.PROGRAMME_WORKER, worker.organisation), make_member(Role.PROGRAMME_WORKER)
    with pytest.raises(Invalid):
        take_overs.give(course, stranger.user_id, None, actor=actor_of(worker), now=utc_now())
    take_overs.give(course, colleague.user_id, None, actor=actor_of(worker), now=utc_now())
    assert [row.owner_id for row in due(course, DeadlineKind.FIRST_CONTACT)] == [colleague.user_id]


def test_she_comes_by_herself_to_counselling_only() -> None:
    worker = make_member(Role.PROGRAMME_WORKER)
    actor, now, case = actor_of(worker), utc_now(), make_case(worker)
    mine = make_offer(TrackKind.INDIVIDUAL_COUNSELLING, worker.organisation)
    own = own_approaches.own_approach(case_id=case.id, offer=mine, actor=actor, now=now)
    assert (own.worker_id, own.request_id) == (worker.user_id, None)
    with pytest.raises(Invalid):
        own_approaches.own_approach(
            case_id=case.id, offer=make_offer(SUPPORT, worker.organisation), actor=actor, now=now
        )
    with pytest.raises(Forbidden):
        own_approaches.own_approach(
            case_id=case.id, offer=make_offer(TrackKind.INDIVIDUAL_COUNSELLING), actor=actor, now=now
        )


def test_an_ended_course_is_not_ended_again() -> None:
    worker, course = make_enrolment(SUPPORT, is_started=True)
    actor, now, today = actor_of(worker), utc_now(), local_date(utc_now())
    enrolments.complete(course, today, unchecked=UNCHECKED, actor=actor, now=now)
    with pytest.raises(NotNow):
        enrolments.end_early(course, EndReason.HER_WISH, today, unchecked=UNCHECKED, actor=actor, now=now)


def test_open_follow_ups_go_along_when_a_course_changes_hands() -> None:
    worker, course = make_enrolment(SUPPORT, is_started=True)
    colleague = make_member(Role.PROGRAMME_WORKER, worker.organisation)
    course_workers.hand_to(course, colleague.user_id, actor=actor_of(worker), now=utc_now())
    owners = db.session.scalars(sa.select(FollowUp.owner_id).where(FollowUp.enrolment_id == course.id))
    assert set(owners) == {colleague.user_id}
