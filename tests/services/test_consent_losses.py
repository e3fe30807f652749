"""A consent that is taken back ends what its house has in the case: seats, meetings, courses, not what law gives."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Forbidden, NotNow
from portal.core.kinds import EndReason, MeetingCancelReason, TrackKind
from portal.core.states import DeadlineState, EnrolmentState, MeetingState
from portal.db import db
from portal.models.audit import AuditEvent
from portal.models.cases import Case, Consent, TeamMember
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.users import Membership
from portal.queries import consent_losses as queries
from portal.queries import past_recipients, workerless
from portal.services import cases, consents, enrolments
from tests.factories.enrolments import UNCHECKED, make_enrolment
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, agree, make_case, make_member, make_municipality, make_organisation

pytestmark = pytest.mark.usefixtures("session")


def owner_of(case: Case) -> Membership:
    return db.session.scalars(
        sa.select(Membership).where(Membership.organisation_id == case.owner_organisation_id).order_by(Membership.id)
    ).first()  # type: ignore[return-value]


def take_back(course: Enrolment) -> Case:
    case = db.session.get_one(Case, course.case_id)
    consent = db.session.scalars(
        sa.select(Consent).where(Consent.recipient_organisation_id == course.organisation_id)
    ).one()
    consents.withdraw_consent(case, consent, actor=actor_of(owner_of(case)), now=utc_now())
    db.session.expire_all()
    return case


def losses(case: Case, consent: Consent) -> list[Any]:
    return queries.list_losses(case, [consent], past_recipients.list_received([case.id]))


def on_team(case: Case) -> dict[int, bool]:
    live = sa.select(TeamMember.user_id, TeamMember.is_primary).where(
        TeamMember.case_id == case.id, TeamMember.ended_at.is_(None)
    )
    return {user_id: is_primary for user_id, is_primary in db.session.execute(live)}  # noqa: C416


def test_her_people_leave_the_team_and_the_trail_says_so(session: Any) -> None:
    worker, course = make_enrolment(TrackKind.INDIVIDUAL_COUNSELLING)
    case = take_back(course)
    assert on_team(case) == {owner_of(case).user_id: True}
    left = sa.select(AuditEvent.subject_public_id).where(AuditEvent.action == Audit.TEAM_LEFT)
    assert session.scalars(left).all() == [worker.public_id]
    session.refresh(course)
    assert (course.state, course.worker_id) == (EnrolmentState.PROPOSED, None)


def test_the_one_to_ask_is_somebody_of_the_owning_house_again(session: Any) -> None:
    worker, course = make_enrolment(TrackKind.INDIVIDUAL_COUNSELLING)
    case = session.get(Case, course.case_id)
    contact = owner_of(case)
    colleague = make_member(organisation=session.get(Organisation, contact.organisation_id))
    cases.join_team(case.id, colleague.user_id, actor=actor_of(contact), now=utc_now() + timedelta(minutes=1))
    cases.hand_over_primary(case, worker.user_id, actor=actor_of(contact), now=utc_now())
    take_back(course)
    assert on_team(case) == {contact.user_id: True, colleague.user_id: False}
    owners = session.scalars(sa.select(Deadline.owner_id).where(Deadline.case_id == case.id)).all()
    assert worker.user_id not in owners


def test_with_nobody_left_it_stands_on_the_leads_list(session: Any) -> None:
    worker, course = make_enrolment(TrackKind.INDIVIDUAL_COUNSELLING)
    case = session.get(Case, course.case_id)
    contact = owner_of(case)
    cases.hand_over_primary(case, worker.user_id, actor=actor_of(contact), now=utc_now())
    session.execute(sa.update(TeamMember).where(TeamMember.user_id == contact.user_id).values(ended_at=utc_now()))
    take_back(course)
    wanted = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.TEAM_WANTED)).one()
    assert (on_team(case), wanted.case_id) == ({}, case.id)


def test_what_they_had_planned_with_her_is_called_off_and_somebody_tells_her(session: Any) -> None:
    worker, course = make_enrolment(TrackKind.INDIVIDUAL_COUNSELLING, is_started=True)
    meeting = make_meeting(worker, session.get(Case, course.case_id), ahead=timedelta(days=3))
    case = take_back(course)
    found = session.get(Meeting, meeting.id)
    assert (found.state, found.cancel_reason) == (MeetingState.CANCELLED, MeetingCancelReason.HER_WISH)
    told = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.MEETING_CALLED_OFF)).one()
    assert told.owner_id == owner_of(case).user_id


def test_nobody_of_the_house_comes_back_before_she_agrees_anew(session: Any) -> None:
    worker, course = make_enrolment(TrackKind.INDIVIDUAL_COUNSELLING)
    case = take_back(course)
    contact = owner_of(case)
    lead = make_member(organisation=session.get(Organisation, worker.organisation_id))
    assert not workerless.list_waiting(actor_of(lead))
    with pytest.raises(NotNow):
        cases.join_team(case.id, worker.user_id, actor=actor_of(contact), now=utc_now())
    agree(case, course.organisation_id)
    assert [one.public_id for one in workerless.list_waiting(actor_of(lead))] == [course.public_id]
    cases.join_team(case.id, worker.user_id, actor=actor_of(contact), now=utc_now())
    assert worker.user_id in on_team(case)


def test_the_owning_house_ends_a_course_that_lost_her_and_nothing_else(session: Any) -> None:
    _worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    case = session.get(Case, course.case_id)
    ending = {"actor": actor_of(owner_of(case)), "now": utc_now()}
    with pytest.raises(Forbidden):
        enrolments.end_early(course, EndReason.HER_WISH, local_date(utc_now()), None, UNCHECKED, **ending)
    take_back(course)
    left = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.COURSE_LEFT)).one()
    assert left.owner_id == owner_of(case).user_id
    with pytest.raises(Forbidden):
        enrolments.complete(course, local_date(utc_now()), UNCHECKED, **ending)
    enrolments.end_early(course, EndReason.HER_WISH, local_date(utc_now()), None, UNCHECKED, **ending)
    session.refresh(left)
    assert (course.state, left.state) == (EnrolmentState.ENDED_EARLY, DeadlineState.CANCELLED)


def test_her_municipality_keeps_what_the_law_gives_it(session: Any) -> None:
    make_municipality()
    contact, case = make_member(), None
    case = make_case(contact, responsible_municipality_code="751")
    town = make_organisation(municipality_code="751")
    adviser = make_member(organisation=town)
    cases.join_team(case.id, adviser.user_id, actor=actor_of(contact), now=utc_now())
    consent = agree(case, town.id)
    assert losses(case, consent)[0].by_law
    consents.withdraw_consent(case, consent, actor=actor_of(contact), now=utc_now())
    assert on_team(case) == {contact.user_id: True, adviser.user_id: False}


def test_the_counselling_of_the_law_stays(session: Any) -> None:
    adviser, course = make_enrolment(TrackKind.COORDINATING_COUNSELLING)
    case = take_back(course)
    assert adviser.user_id in on_team(case)


def test_the_same_person_is_told_before_and_afterwards(session: Any) -> None:
    worker, course = make_enrolment(TrackKind.INDIVIDUAL_COUNSELLING)
    case = session.get(Case, course.case_id)
    consent = session.scalars(sa.select(Consent).where(Consent.case_id == case.id)).one()
    before = losses(case, consent)[0]
    take_back(course)
    after = losses(case, consent)[0]
    assert before and after and (before.people, after.people) == (1, 1)
    assert [one.course.is_live for one in before.courses] == [one.course.is_live for one in after.courses] == [True]
    assert before.lost_at is None and after.lost_at == consent.withdrawn_at
    assert not session.scalars(sa.select(Message).where(Message.recipient_id == worker.user_id)).all()
