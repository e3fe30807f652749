"""The page of a CTI course: phases, reviews, and a day zero that is not moved unseen."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.measures import Phase
from portal.models.enrolments import Enrolment
from portal.models.users import Membership
from portal.queries import cti as queries
from portal.services import cases, cti
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def days_ago(days: int) -> date:
    return local_date(utc_now()) - timedelta(days=days)


def typed(day: date) -> str:
    return day.strftime("%d %m %Y")


def moved(days: int) -> tuple[Membership, Enrolment]:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    cti.note_move(course.case_id, days_ago(days), actor=actor_of(worker), now=utc_now())
    return worker, course


def test_a_stranger_finds_nothing_another_role_is_refused_and_it_costs_the_same(
    as_user: AsUser, count_queries: Counter
) -> None:
    worker, course = moved(10)
    page = f"/cti/{course.public_id}"
    assert as_user(make_member(Role.PROGRAMME_WORKER)).get(page).status_code == 404
    assert as_user(make_member(Role.GROUP_LEADER)).get(page).status_code == 403
    browser = as_user(worker)
    count_queries.start()
    assert browser.get(page).status_code == 200
    assert count_queries.stop() <= 12, count_queries.statements


def test_a_colleague_on_the_team_from_elsewhere_sees_it_and_changes_nothing(as_user: AsUser) -> None:
    worker, course = moved(10)
    elsewhere = make_member(Role.PROGRAMME_WORKER)
    cases.join_team(course.case_id, elsewhere.user_id, actor=actor_of(worker), now=utc_now())
    browser, page = as_user(elsewhere), f"/cti/{course.public_id}"
    assert browser.get(page).status_code == 200
    assert browser.post(f"{page}/basis", data={"basis": "Bevilling"}).status_code == 403


def test_a_phase_does_not_change_before_its_time_and_does_when_it_has_come(as_user: AsUser) -> None:
    worker, course = moved(20)
    assert as_user(worker).post(f"/cti/{course.public_id}/advance").status_code == 409
    worker, course = moved(95)
    assert as_user(worker).post(f"/cti/{course.public_id}/advance").status_code == 303
    assert queries.get_course(course).phase is Phase.P2


def test_day_zero_is_moved_only_after_every_date_has_been_seen(as_user: AsUser) -> None:
    worker, course = moved(20)
    browser, page = as_user(worker), f"/cti/{course.public_id}"
    change = {"t0": typed(days_ago(12)), "reason": "wrong_date"}
    assert browser.post(f"{page}/t0", data=change | {"reason": ""}).status_code == 422
    shown = browser.submit(page, f"{page}/t0", change)
    assert shown.status_code == 200
    assert days_ago(12).strftime("%d.%m.%Y") in shown.get_data(as_text=True)
    assert queries.get_course(course).t0 == days_ago(20)
    assert browser.submit(page, f"{page}/t0", change | {"is_seen": "yes"}).status_code == 303
    assert queries.get_course(course).t0 == days_ago(12)


def test_a_refused_form_stands_open_without_javascript(as_user: AsUser) -> None:
    worker, course = moved(20)
    answer = as_user(worker).post(f"/cti/{course.public_id}/basis", data={"basis": ""})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count(" open>") == 1


def test_a_review_needs_a_plan_and_the_basis_is_kept(as_user: AsUser) -> None:
    worker, course = moved(20)
    browser, page = as_user(worker), f"/cti/{course.public_id}"
    assert browser.post(f"{page}/review", data={"review": "Godt", "phase": "p1"}).status_code == 409
    assert browser.submit(page, f"{page}/plan", {"areas": ["safety"], "plan": "Nye låse"}).status_code == 303
    assert browser.submit(page, f"{page}/review", {"review": "Det gik godt"}).status_code == 303
    assert browser.submit(page, f"{page}/basis", {"basis": "Bevilling fra puljen"}).status_code == 303
    text = browser.get(page).get_data(as_text=True)
    assert "Det gik godt" in text
    assert "Bevilling fra puljen" in text
