"""The page on how big the problems are: plain, by htmx, a mistake, a stranger, another role, a wrong moment."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.measures import CtiArea
from portal.core.plans import RatedBy, RatingPoint
from portal.core.states import CaseState
from portal.models.plans import NeedRating
from portal.services import needs
from tests.factories.people import actor_of, make_case, make_member
from tests.support.counting import Counter

Browser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
HTMX = {"HX-Request": "true"}
TODAY = local_date(utc_now())
TYPED = {"point": "move_in", "rated_by": "her", "rated_on": f"{TODAY:%d %m %Y}", "housing": "4", "health": "0"}


def test_what_she_says_is_kept_beside_what_was_said_before(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser, page = as_user(member), f"/plans/{case.public_id}/needs"
    first = browser.post(page, data=TYPED, follow_redirects=True).get_data(as_text=True)
    assert "blev sagt før" not in first
    assert browser.post(page, data=TYPED | {"housing": "3"}, headers=HTMX).headers["HX-Redirect"] == page
    kept = session.scalars(sa.select(NeedRating.score).order_by(NeedRating.id)).all()
    assert kept == [0, 4, 0, 3]
    row = browser.get(page).get_data(as_text=True).partition("area=housing")[0].rpartition("<tr>")[2]
    assert row.index(">4<") < row.index(">3<")


def test_a_need_becomes_a_goal_in_one_click(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    browser, page = as_user(member), f"/plans/{case.public_id}"
    browser.post(f"{page}/needs", data=TYPED)
    text = browser.get(f"{page}/needs").get_data(as_text=True)
    # What is no problem asks for no goal.
    assert "goals/new?area=housing" in text
    assert "goals/new?area=health" not in text
    form = browser.get(f"{page}/goals/new?area=housing").get_data(as_text=True)
    assert '<option selected value="housing">' in form
    assert browser.get(f"{page}/goals/new?area=moon").status_code == 200


def test_a_mistake_keeps_what_was_typed(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser, page = as_user(member), f"/plans/{case.public_id}/needs"
    ahead = f"{TODAY + timedelta(days=2):%d %m %Y}"
    for wrong, field in (
        ({"point": ""}, "point"),
        ({"rated_on": ahead}, "rated_on"),
        ({"housing": "", "health": ""}, "health"),
    ):
        response = browser.post(page, data=TYPED | wrong)
        assert response.status_code == 422
        assert f'id="{field}-error"' in response.get_data(as_text=True)
    assert browser.post(page, data=TYPED | {"housing": "9", "health": ""}).status_code == 422
    assert session.scalar(sa.select(sa.func.count()).select_from(NeedRating)) == 0


def test_a_stranger_another_role_and_a_closed_case(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    page = f"/plans/{case.public_id}/needs"
    assert as_user(make_member()).get(page).status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).get(page).status_code == 403
    case.state, case.closed_at = CaseState.CLOSED, utc_now()
    session.commit()
    assert as_user(member).post(page, data=TYPED).status_code == 409


def test_the_page_takes_as_many_statements_for_one_time_as_for_six(as_user: Browser, count_queries: Counter) -> None:
    member, counts = make_member(), []
    for many in (1, 6):
        case = make_case(member)
        for number in range(many):
            rated = needs.Rated(RatingPoint.LATER, RatedBy.HER, TODAY, dict.fromkeys(CtiArea, number % 5))
            needs.rate(case, rated, actor=actor_of(member), now=utc_now())
        browser, page = as_user(member), f"/plans/{case.public_id}/needs"
        browser.get(page)
        count_queries.start()
        assert browser.get(page).status_code == 200
        counts.append(count_queries.stop())
    assert counts[0] == counts[1] <= 12


def test_all_that_is_wrong_is_said_at_once(as_user: Browser) -> None:
    member = make_member()
    page = f"/plans/{make_case(member).public_id}/needs"
    ahead = f"{TODAY + timedelta(days=2):%d %m %Y}"
    text = as_user(member).post(page, data={"rated_on": ahead}).get_data(as_text=True)
    assert all(f'id="{field}-error"' in text for field in ("point", "rated_by", "rated_on", "health"))
