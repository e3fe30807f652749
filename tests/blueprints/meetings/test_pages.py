"""The calendar in the browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.states import MeetingState, RequestState
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.cases import Case, TeamMember
from portal.models.meetings import Meeting
from portal.models.users import Membership
from portal.services import team
from tests.factories.furnishing import make_volunteer_course
from tests.factories.groups import make_group, make_participant
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_request
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
GOOD = {
    "day": "2 12 2030",
    "starts": "10.00",
    "ends": "11.00",
    "kind": "talk",
    "place_kind": "our_rooms",
    "repeat": "once",
    "count": "1",
}


def test_a_meeting_is_planned_and_registered_by_one_button(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    meeting = make_meeting(member, case)
    browser, page = as_user(member), f"/meetings/{meeting.public_id}"
    assert "Det skete ikke" not in browser.get(page).get_data(as_text=True)
    assert browser.submit(page, f"{page}/hold").status_code == 303
    assert browser.post(f"{page}/cancel", data={"reason": "her_wish"}).status_code == 409
    assert browser.submit(page, f"{page}/not-met").status_code == 303
    assert db.session.get_one(Meeting, meeting.id).state is MeetingState.NOT_MET


def test_htmx_is_sent_on(as_user: AsUser) -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member))
    hold, seen = f"/meetings/{meeting.public_id}/hold", {"version": meeting.version}
    answer = as_user(member).post(hold, data=seen, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].endswith(meeting.public_id)


@pytest.mark.parametrize(
    "change",
    [
        {"day": "31 09 2030"},
        {"ends": "09.00"},
        {"day": "31 03 2030", "starts": "02.30", "ends": "04.00"},
        {"kind": "group_session"},
        {"count": "0"},
        {"count": "mange"},
        {"place": "x" * 121},
        {"starts": ""},
    ],
)
def test_a_meeting_that_cannot_be_is_refused_beside_the_field(as_user: AsUser, change: dict[str, str]) -> None:
    member = make_member()
    case = make_case(member)
    answer = as_user(member).post(f"/meetings/new?case={case.public_id}", data=GOOD | change)
    assert answer.status_code == 422


def test_a_meeting_over_midnight_and_a_series(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    browser, url = as_user(member), f"/meetings/new?case={case.public_id}"
    assert browser.get(url).status_code == 200
    assert browser.post(url, data=GOOD | {"starts": "23.00", "ends": "00.30", "ends_next_day": "y"}).status_code == 303
    assert browser.post(url, data=GOOD | {"repeat": "weekly", "count": "5"}).status_code == 303
    assert db.session.query(Meeting).count() == 6


def test_a_stranger_finds_nothing_and_volunteers_have_no_calendar(as_user: AsUser) -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member))
    page = f"/meetings/{meeting.public_id}"
    assert as_user(make_member()).get(page).status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).get(page).status_code == 403


def test_the_exact_place_is_shown_with_a_reason_alone(as_user: AsUser) -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member), place="Hemmelig sal 4")
    browser, page = as_user(member), f"/meetings/{meeting.public_id}"
    assert "Hemmelig sal" not in browser.get(page).text
    assert browser.post(f"{page}/place", data={"place-reason": "kort"}).status_code == 422
    shown = browser.post(f"{page}/place", data={"place-reason": "Jeg skal finde vej derhen"})
    assert "Hemmelig sal 4" in shown.text


WAY = {"place-reason": "Jeg skal finde vej derhen"}


def test_where_she_is_met_opens_to_nobody_to_whom_her_address_is_shut(as_user: AsUser) -> None:
    """A group leader and a coordinator of volunteers hold a talk with her; the municipality sees one in her case."""
    house = make_group()
    theirs = make_participant(house)
    coordinator, course = make_volunteer_course(TrackKind.FURNISHING)
    adviser, contact = make_member(Role.MUNICIPAL_ADVISER), make_member()
    case = make_case(contact)
    team.join_team(case.id, adviser.user_id, actor=actor_of(contact), now=utc_now())
    place = {"place": "Hemmelig sal 4"}
    held = [
        (
            house.leader,
            make_meeting(house.leader, db.session.get(Case, theirs.case_id), enrolment_id=theirs.id, **place),
        ),
        (coordinator, make_meeting(coordinator, db.session.get(Case, course.case_id), enrolment_id=course.id, **place)),
        (adviser, make_meeting(adviser, case, **place)),
    ]
    for member, page in [(member, f"/meetings/{meeting.public_id}") for member, meeting in held]:
        browser = as_user(member)
        seen = browser.get(page)
        assert (seen.status_code, f"{page}/place" in seen.text) == (200, False), member.role
        assert browser.post(f"{page}/place", data=WAY).status_code in (403, 404), member.role
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == Audit.ADDRESS_REVEALED)) == 0


def test_where_a_group_meets_is_its_leaders_to_know(as_user: AsUser) -> None:
    house = make_group()
    meeting = make_meeting(house.leader, round_id=house.round.id, number=99, place="Hemmelig sal 4")
    browser, page = as_user(house.other), f"/meetings/{meeting.public_id}"
    assert f"{page}/place" in browser.get(page).text
    assert "Hemmelig sal 4" in browser.post(f"{page}/place", data=WAY).text


def test_where_a_talk_before_the_decision_is_follows_her_case(as_user: AsUser) -> None:
    made = make_request(RequestState.IN_VISITATION)
    meeting = make_meeting(made.intake, request_id=made.request.id, place="Hemmelig sal 4")
    page = f"/meetings/{meeting.public_id}/place"
    assert as_user(made.intake).post(page, data=WAY).status_code == 403


def test_no_print_tells_a_place(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member, name="Amina Test")
    make_meeting(member, case, ahead=timedelta(days=2), place="Hemmelig sal 4")
    browser, page = as_user(member), f"/meetings/sheet/{case.public_id}"
    plain = browser.get(page).get_data(as_text=True)
    assert "Hemmelig sal 4" not in plain
    assert "Amina" not in plain
    assert "Hemmelig sal 4" not in browser.get(f"{page}?place=1").get_data(as_text=True)


@pytest.mark.parametrize("page", ["/meetings/", "/meetings/month"])
def test_the_calendar_costs_the_same_for_many_meetings(as_user: AsUser, count_queries: Counter, page: str) -> None:
    member = make_member()
    case = make_case(member)
    browser, seen = as_user(member), []
    for more in (1, 49):
        for _ in range(more):
            make_meeting(member, case)
        count_queries.start()
        assert browser.get(page).status_code == 200
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements


@pytest.mark.parametrize("day", ["igår", "2026-13-01", "0001-01-01"])
def test_a_day_that_is_none_is_refused(as_user: AsUser, day: str) -> None:
    assert as_user(make_member()).get(f"/meetings/?day={day}").status_code == 400


def test_a_coordinator_of_volunteers_plans_a_meeting_and_learns_no_reference(as_user: AsUser) -> None:
    coordinator, course = make_volunteer_course(TrackKind.FURNISHING)
    case = db.session.get_one(Case, course.case_id)
    reference, contact = case.reference, db.session.scalars(sa.select(TeamMember).where(TeamMember.is_primary)).one()
    page = f"/meetings/new?enrolment={course.public_id}"
    answer = as_user(coordinator).get(page)
    assert answer.status_code == 200
    assert reference not in answer.text
    worker = db.session.get_one(Membership, contact.membership_id)
    assert reference in as_user(worker).get(page).text
