"""Her nearest goals on the case's own page: at most three, in one statement, for whoever opens her plan (R-629)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.measures import CtiArea
from portal.core.plans import GoalState
from portal.services import plans
from tests.blueprints.cases.test_case_page import enrol
from tests.factories.people import actor_of, agree, make_case, make_member
from tests.support.counting import Counter

Browser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())


def goal(case: Any, member: Any, wish: str, due_on: date | None = None) -> Any:
    who = {"actor": actor_of(member), "now": utc_now()}
    return plans.set_goal(case, plans.Wanted(CtiArea.HOUSING, wish, "Ja", due_on=due_on), **who)


def pane(response: Any) -> str:
    return str(response.get_data(as_text=True).partition('id="plan"')[2].partition("</section>")[0])


def test_the_three_nearest_goals_stand_there_with_their_next_step(as_user: Browser) -> None:
    member = make_member()
    case, who = make_case(member), {"actor": actor_of(member), "now": utc_now()}
    late = goal(case, member, "Mål et", TODAY - timedelta(days=2))
    for text, days in (("Siden", 9), ("Først", -3)):
        plans.add_step(case, late, text, due_on=TODAY + timedelta(days=days), **who)
    done = plans.add_step(case, late, "Gjort", due_on=TODAY - timedelta(days=9), **who)
    plans.finish_step(case, late, done, **who)
    goal(case, member, "Mål to", TODAY + timedelta(days=2))
    goal(case, member, "Mål uden dag")
    goal(case, member, "Mål nummer fire")
    over = goal(case, member, "Droppet mål", TODAY)
    plans.move_goal(case, over, GoalState.DROPPED, reason="Noget andet", **who)
    shown = pane(as_user(member).get(f"/cases/{case.public_id}"))
    assert [shown.count(wish) for wish in ("Mål et", "Mål to", "Mål uden dag")] == [1, 1, 1]
    for hidden in ("nummer fire", "Droppet", "Gjort", "Siden"):
        assert hidden not in shown
    assert "Først" in shown
    # The goal is late, and so is its step.
    assert shown.count("chip red") == 2
    assert shown.count("<a ") == 1
    assert f"/plans/{case.public_id}" in shown


def test_whoever_does_not_open_her_plan_has_no_pane(as_user: Browser) -> None:
    member, lead = make_member(), make_member(Role.HOUSING_COORDINATOR)
    case = make_case(member, now=utc_now() - timedelta(days=1))
    goal(case, member, "Mål et")
    agree(case, lead.organisation_id)
    enrol(case, lead, TrackKind.HOUSING)
    response = as_user(lead).get(f"/cases/{case.public_id}")
    assert response.status_code == 200
    assert 'id="plan"' not in response.get_data(as_text=True)


def test_the_page_takes_as_many_statements_for_no_goal_as_for_six(as_user: Browser, count_queries: Counter) -> None:
    member, counts = make_member(), []
    for many in (0, 6):
        case = make_case(member)
        for number in range(many):
            made = goal(case, member, f"Mål {number}", TODAY)
            plans.add_step(case, made, "Et skridt", actor=actor_of(member), now=utc_now())
        browser, page = as_user(member), f"/cases/{case.public_id}"
        browser.get(page)
        count_queries.start()
        assert browser.get(page).status_code == 200
        counts.append(count_queries.stop())
    assert counts[0] == counts[1] <= 12
