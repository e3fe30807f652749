"""Groups in the browser."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.states import RoundState
from portal.db import db
from portal.models.access import CaseBlock
from portal.models.groups import GroupRound, RoundLeader
from portal.queries import groups as queries
from tests.factories.groups import GroupHouse, make_group, make_nominated, make_participant
from tests.factories.people import actor_of, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def page_of(house: GroupHouse) -> str:
    return f"/groups/{house.round.public_id}"


def test_a_round_is_planned_with_its_meetings(as_user: AsUser) -> None:
    house = make_group()
    leaders = [one.public_id for one in queries.list_possible_leaders(actor_of(house.leader))]
    good = {
        "offer": house.offer.public_id,
        "name": "Forår",
        "starts_on": "4 1 2027",
        "starts_at": "17.00",
        "session_minutes": "120",
        "step_days": "14",
        "session_count": "8",
        "places_min": "4",
        "places_max": "8",
        "leaders": leaders,
    }
    browser = as_user(house.leader)
    assert browser.get("/groups/new").status_code == 200
    assert browser.post("/groups/new", data=good | {"leaders": []}).status_code == 422
    assert browser.post("/groups/new", data=good | {"places_min": "9"}).status_code == 422
    assert browser.post("/groups/new", data=good | {"starts_on": "31 09 2027"}).status_code == 422
    assert browser.post("/groups/new", data=good).status_code == 303
    assert "Forår" in browser.get("/groups/").get_data(as_text=True)


def test_a_seat_is_given_a_mark_turned_and_she_leaves(as_user: AsUser) -> None:
    house = make_group()
    course = make_nominated(house, name="Amina Hemmelig")
    browser, page = as_user(house.leader), page_of(house)
    assert browser.post(f"{page}/place", data={"enrolment": course.public_id}).status_code == 303
    shown = browser.get(page).get_data(as_text=True)
    assert "Amina" in shown
    assert "Hemmelig" not in shown
    session_id = queries.list_sessions(house.round.id)[0].public_id
    mark = f"{page}/session/{session_id}/mark/{course.public_id}"
    assert browser.hidden(page, mark)["presence"] == "present"
    # Two leaders with the same page press the same button: it is the same mark.
    for _leader in range(2):
        part = browser.post(mark, data={"presence": "present"}, headers={"HX-Request": "true"})
        assert (part.status_code, browser.hidden_in(part, mark)["presence"]) == (200, "late")
    assert browser.post(mark).status_code == 422
    assert browser.post(mark, data={"presence": "late", "back": "session"}).status_code == 303
    assert browser.post(mark, data={"presence": "asleep"}).status_code == 422
    assert browser.get(f"{page}/session/{session_id}").status_code == 200
    leave = f"{page}/leave/{course.public_id}"
    assert browser.get(leave).status_code == 200
    assert browser.post(leave, data={"reason": "other", "left_on": "1 1 2020"}).status_code == 422
    today = local_date(utc_now()).strftime("%d %m %Y")
    early = {"reason": "her_wish", "left_on": today, "note": "Hun har fået arbejde"}
    refused = browser.post(leave, data=early)
    assert refused.status_code == 422 and "Hun har fået arbejde" in refused.text and "-error" in refused.text
    assert browser.post(leave, data=early | {"unchecked": "not_reached"}).status_code == 303


def test_a_full_round_says_so_kindly(as_user: AsUser) -> None:
    house = make_group(places_max=1)
    make_participant(house)
    late = make_nominated(house)
    answer = as_user(house.leader).post(f"{page_of(house)}/place", data={"enrolment": late.public_id})
    assert answer.status_code == 409
    assert db.session.get_one(GroupRound, house.round.id).taken == 1


def test_the_wrong_moment_the_wrong_role_and_a_stranger(as_user: AsUser) -> None:
    house = make_group(RoundState.PLANNED)
    page = page_of(house)
    assert as_user(house.leader).post(f"{page}/step/confirm").status_code == 409
    assert as_user(make_member(Role.GROUP_LEADER)).get(page).status_code == 404
    assert as_user(make_member()).get(page).status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).get(page).status_code == 403


def test_a_leader_who_is_kept_out_of_a_case_cannot_count_it(as_user: AsUser) -> None:
    house = make_group()
    participants = [make_participant(house) for _ in range(2)]
    other = make_member(Role.GROUP_LEADER, house.leader.organisation)
    db.session.add(RoundLeader(round_id=house.round.id, user_id=other.user_id))
    browser, colleague = as_user(house.leader), as_user(other)
    assert "2/" in browser.get(page_of(house)).text and "2/" in browser.get("/groups/").text
    hidden = participants[0]
    db.session.add(
        CaseBlock(
            case_id=hidden.case_id, user_id=house.leader.user_id, created_at=utc_now(), created_by_id=other.user_id
        )
    )
    for page in (page_of(house), "/groups/"):
        seen = browser.get(page).text
        assert "1/" in seen and "2/" not in seen
        assert "2/" in colleague.get(page).text


def test_the_list_costs_the_same_for_many_rounds(as_user: AsUser, count_queries: Counter) -> None:
    house = make_group()
    browser, seen = as_user(house.leader), []
    for more in (0, 49):
        for number in range(more):
            copy = {c.name: getattr(house.round, c.name) for c in GroupRound.__table__.columns}
            del copy["id"], copy["public_id"]
            db.session.add(GroupRound(**copy | {"name": f"Runde {number}"}))
        db.session.commit()
        count_queries.start()
        assert browser.get("/groups/").status_code == 200
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements
