"""Reading courses: their own thing, the hours, the phases, the group, the home that is furnished."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.kinds import MeetingKind, TrackKind
from portal.core.measures import Phase
from portal.core.states import RoundState
from portal.db import db
from portal.domain.furnishing import Room
from portal.models.cases import Case
from portal.models.groups import GroupRound
from portal.queries import counselling as counselling_queries
from portal.queries import course_log
from portal.queries import cti as cti_queries
from portal.queries import enrolments as queries
from portal.queries import furnishing as furnishing_queries
from portal.queries import groups as group_queries
from portal.services import cti, enrolments, furnishing
from tests.factories.enrolments import make_enrolment
from tests.factories.furnishing import make_volunteer_course
from tests.factories.groups import make_group, make_participant
from tests.factories.housing import make_homes, make_tenancy
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, agree, make_case, make_member
from tests.factories.referrals import make_offer

pytestmark = pytest.mark.usefixtures("session")


def test_a_course_knows_the_page_of_its_own_thing() -> None:
    house = make_group()
    assert queries.find_own_id(make_participant(house).id) == house.round.public_id
    tenancy = make_tenancy(make_homes())
    assert queries.find_own_id(tenancy.enrolment_id) == tenancy.public_id
    _worker, course = make_enrolment(TrackKind.CTI)
    assert queries.find_own_id(course.id) is None


def test_only_open_counselling_of_ones_own_house_begins_without_a_referral() -> None:
    worker = make_member(Role.PROGRAMME_WORKER)
    actor, house = actor_of(worker), worker.organisation
    talks = make_offer(TrackKind.INDIVIDUAL_COUNSELLING, house)
    closed = make_offer(TrackKind.INDIVIDUAL_COUNSELLING, house)
    closed.is_accepting = False
    others = (closed, make_offer(TrackKind.CTI, house), make_offer(TrackKind.INDIVIDUAL_COUNSELLING))
    db.session.flush()
    assert [offer.id for offer in queries.list_own_approach(actor)] == [talks.id]
    assert queries.get_own_offer(actor, talks.public_id).id == talks.id
    for offer in others:
        with pytest.raises(NotFound):
            queries.get_own_offer(actor, offer.public_id)


def test_a_course_is_seen_by_its_team_and_by_nobody_else() -> None:
    worker, course = make_enrolment(TrackKind.CTI)
    assert queries.get(actor_of(worker), course.public_id).id == course.id
    with pytest.raises(NotFound):
        queries.get(actor_of(make_member(Role.PROGRAMME_WORKER, worker.organisation)), course.public_id)


def test_the_plans_of_a_course_come_in_the_order_of_the_phases() -> None:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    one, actor = cti_queries.get_course(course), actor_of(worker)
    moved = datetime(2026, 11, 30, 11, tzinfo=UTC)
    cti.note_move(course.case_id, moved.date(), actor=actor, now=moved)
    for phase in (Phase.P2, Phase.P1):
        cti.write_plan(one, course, phase, ["safety"], "Ro", actor=actor, now=moved)
    assert [plan.phase for plan in cti_queries.list_plans(actor, one.id)] == [Phase.P1, Phase.P2]


def test_another_kind_has_no_phases_and_no_counselling_on_record() -> None:
    _worker, course = make_enrolment(TrackKind.INDIVIDUAL_COUNSELLING)
    with pytest.raises(NotFound):
        cti_queries.get_course(course)
    case = make_case()
    assert counselling_queries.find(case.id) is None
    with pytest.raises(NotFound):
        counselling_queries.get(case.id)


def test_minutes_belong_to_the_phase_of_their_day() -> None:
    t0 = date(2026, 11, 30)
    days = (date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 2), date(2027, 3, 1))
    contacts = [
        cti_queries.TimedContact(cti_queries.Contact(day, cti_queries.MODES[MeetingKind.TALK]), 30) for day in days
    ]
    assert cti_queries.minutes_by_phase(t0, contacts) == {Phase.PRE: 30, Phase.P1: 60, Phase.P2: 30}


def test_a_colleague_who_approves_is_somebody_else_at_work_in_the_same_house() -> None:
    adviser = make_member(Role.MUNICIPAL_ADVISER)
    colleague = make_member(Role.MUNICIPAL_ADVISER, adviser.organisation, name="Bente")
    gone = make_member(Role.MUNICIPAL_ADVISER, adviser.organisation)
    gone.ended_at = utc_now()
    make_member(Role.MUNICIPAL_ADVISER)
    db.session.flush()
    found = counselling_queries.list_colleagues(actor_of(adviser), 0)
    assert [(row.user_id, row.public_id, row.name) for row in found] == [
        (colleague.user_id, colleague.user.public_id, "Bente")
    ]
    assert counselling_queries.names_of(None, colleague.user_id) == {colleague.user_id: "Bente"}
    assert counselling_queries.names_of(None) == {}


def test_the_meetings_of_a_course_are_the_newest_first_and_of_the_kinds_that_are_named() -> None:
    worker, course = make_enrolment(TrackKind.CTI)
    actor, case = actor_of(worker), db.session.get_one(Case, course.case_id)
    talk, visit = (
        make_meeting(worker, case, kind=kind, enrolment_id=course.id, ahead=timedelta(days=days))
        for kind, days in ((MeetingKind.TALK, 1), (MeetingKind.HOME_VISIT, 2))
    )
    every = course_log.list_meetings(actor, course.id)
    assert [one.id for one in every] == [visit.id, talk.id]
    assert [one.id for one in course_log.list_meetings(actor, course.id, [MeetingKind.TALK])] == [talk.id]
    assert course_log.list_meetings(actor_of(make_member()), course.id) == []


def test_rounds_come_by_their_first_day_the_newest_first_and_pages_go_on() -> None:
    house = make_group()
    db.session.add_all(
        GroupRound(
            offer_id=house.offer.id,
            organisation_id=house.offer.organisation_id,
            name=f"Hold {number}",
            state=RoundState.PLANNED,
            starts_on=date(2027, 1, 1) + timedelta(days=number),
            starts_at_time=time(17),
            session_minutes=120,
            session_count=1,
            step_days=7,
            places_min=1,
            places_max=8,
            taken=0,
        )
        for number in range(group_queries.PAGE_SIZE)
    )
    db.session.flush()
    first, cursor = group_queries.list_rounds(actor_of(house.leader))
    assert [row.name for row in first] == [f"Hold {number}" for number in reversed(range(group_queries.PAGE_SIZE))]
    rest, end = group_queries.list_rounds(actor_of(house.leader), after=cursor)
    assert ([row.public_id for row in rest], end) == ([house.round.public_id], None)


def test_a_meeting_of_another_round_is_not_there() -> None:
    house, other = make_group(), make_group()
    meeting = group_queries.list_sessions(house.round.id)[0]
    assert group_queries.get_session(house.round, meeting.public_id).id == meeting.id
    with pytest.raises(NotFound):
        group_queries.get_session(other.round, meeting.public_id)


def test_projects_are_the_coordinators_the_newest_first_and_pages_go_on() -> None:
    coordinator, course = make_volunteer_course(TrackKind.FURNISHING)
    actor, contact = actor_of(coordinator), make_member()
    for _more in range(2):
        case = make_case(contact)
        agree(case, coordinator.organisation_id)
        enrolments.propose(case_id=case.id, offer=course.offer, actor=actor_of(contact), now=utc_now())
    first, cursor = furnishing_queries.list_all(actor, limit=2)
    rest, end = furnishing_queries.list_all(actor, after=cursor, limit=2)
    ids = [row.id for row in first + rest]
    assert (len(ids), ids, end) == (3, sorted(ids, reverse=True), None)
    assert furnishing_queries.list_all(actor_of(make_member())) == ([], None)


def test_a_thing_belongs_to_its_project_and_a_project_to_its_house() -> None:
    coordinator, stranger = (make_volunteer_course(TrackKind.FURNISHING)[0] for _house in range(2))
    ours, theirs = (
        furnishing_queries.get(actor_of(one), furnishing_queries.list_all(actor_of(one))[0][0].public_id)
        for one in (coordinator, stranger)
    )
    with pytest.raises(NotFound):
        furnishing_queries.get(actor_of(stranger), ours.public_id)
    given = {"what": "Seng", "quantity": 1, "is_must": True, "actor": actor_of(coordinator), "now": utc_now()}
    bed = furnishing.add_item(ours, room=Room.BEDROOM, **given)
    assert furnishing_queries.get_item(ours, bed.public_id).id == bed.id
    with pytest.raises(NotFound):
        furnishing_queries.get_item(theirs, bed.public_id)
