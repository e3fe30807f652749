"""The pages of her goals: plain, by htmx, a mistake, a stranger, another role, a wrong moment."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.measures import CtiArea
from portal.core.states import CaseState
from portal.models.deadlines import Deadline
from portal.models.plans import Goal
from portal.services import plans
from tests.factories.people import actor_of, make_case, make_member
from tests.support.counting import Counter

Browser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
HTMX = {"HX-Request": "true"}
TYPED = {"area": "housing", "wish": "Mit eget sted", "sign": "En lejekontrakt", "is_hers": "y", "due_on": "01 02 2030"}


def goal_of(case: Any, member: Any, wish: str = "Mit eget sted") -> Goal:
    wanted = plans.Wanted(CtiArea.HOUSING, wish, "En lejekontrakt")
    return plans.set_goal(case, wanted, actor=actor_of(member), now=utc_now())


def test_a_goal_is_written_down_plainly_and_by_htmx(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser, page = as_user(member), f"/plans/{case.public_id}"
    assert f"{page}/goals/new" in browser.get(page).get_data(as_text=True)
    assert browser.post(f"{page}/goals/new", data=TYPED).status_code == 303
    assert browser.post(f"{page}/goals/new", data=TYPED, headers=HTMX).headers["HX-Redirect"] == page
    text = browser.get(page).get_data(as_text=True)
    assert text.count("Mit eget sted") == 2
    assert session.scalar(sa.select(sa.func.count()).where(Deadline.kind == DeadlineKind.GOAL)) == 2


def test_a_mistake_keeps_what_was_typed(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    response = as_user(member).post(f"/plans/{case.public_id}/goals/new", data=TYPED | {"sign": "", "area": "moon"})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'id="sign-error"' in text
    assert 'id="area-error"' in text
    assert "Mit eget sted" in text
    assert session.scalar(sa.select(sa.func.count()).select_from(Goal)) == 0


def test_a_goal_goes_its_way_on_its_page(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    goal = goal_of(case, member)
    page, browser = f"/plans/{case.public_id}/goals/{goal.public_id}", as_user(member)
    assert browser.post(f"{page}/steps", data={"text": ""}).status_code == 422
    assert browser.post(f"{page}/steps", data={"text": "Ring til kommunen"}).status_code == 303
    assert browser.post(f"{page}/state", data={"version": "1", "state": "dropped"}).status_code == 422
    assert browser.post(f"{page}/state", data={"version": "9", "state": "in_progress"}).status_code == 409
    done = {"version": str(goal.version), "state": "reached", "attainment": "4"}
    assert browser.post(f"{page}/state", data=done).status_code == 303
    assert browser.post(f"{page}/steps", data={"text": "Et til"}).status_code == 409
    shown = browser.get(page).get_data(as_text=True)
    assert "Ring til kommunen" in shown
    assert "4/4" in shown
    assert browser.post(f"{page}/edit", data=TYPED | {"version": "1"}).status_code == 409


def test_a_stranger_another_role_and_a_closed_case(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    goal = goal_of(case, member)
    page = f"/plans/{case.public_id}"
    assert as_user(make_member()).get(page).status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).get(page).status_code == 403
    other = make_case(member)
    assert as_user(member).get(f"/plans/{other.public_id}/goals/{goal.public_id}").status_code == 404
    case.state, case.closed_at = CaseState.CLOSED, utc_now()
    session.commit()
    assert as_user(member).post(f"{page}/goals/new", data=TYPED).status_code == 409


def test_open_goals_are_told_when_a_case_is_closed_and_hinder_nothing(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    goal_of(case, member)
    browser, page = as_user(member), f"/cases/{case.public_id}/close"
    assert "1 " in browser.get(page).get_data(as_text=True).partition("case-form")[2].partition("</p>")[0]
    assert browser.post(page).status_code == 303


def test_the_list_takes_as_many_statements_for_one_goal_as_for_six(as_user: Browser, count_queries: Counter) -> None:
    member, counts = make_member(), []
    for many in (1, 6):
        case = make_case(member)
        for number in range(many):
            goal_of(case, member, f"Mål {number}")
        browser, page = as_user(member), f"/plans/{case.public_id}"
        browser.get(page)
        count_queries.start()
        assert browser.get(page).status_code == 200
        counts.append(count_queries.stop())
    assert counts[0] == counts[1] <= 12


def test_a_row_of_the_work_list_leads_to_the_plan(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    wanted = plans.Wanted(CtiArea.WORK, "Dansk", "Bestået", due_on=local_date(utc_now()))
    plans.set_goal(case, wanted, actor=actor_of(member), now=utc_now())
    assert f"/plans/{case.public_id}" in as_user(member).get("/day").get_data(as_text=True)
