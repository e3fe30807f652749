"""The page on which a course ends early asks for a look at her safety, or why there was none (R-785)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.courses import MissingCheck
from portal.core.enums import Role
from portal.core.kinds import SafetyLevel, TrackKind
from portal.core.states import EnrolmentState
from portal.db import db
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.users import Membership
from portal.services import risk
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())
DAY = TODAY.strftime("%d %m %Y")
EARLY = {"reason": "her_wish", "ended_on": DAY, "note": "Hun klarer sig selv nu"}


def begun() -> tuple[Membership, Enrolment, str]:
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT, is_started=True)
    course.planned_end_on = TODAY + timedelta(days=30)
    db.session.flush()
    return worker, course, f"/courses/{course.public_id}"


def assess(worker: Membership, case_id: int) -> None:
    case, now = db.session.get_one(Case, case_id), utc_now()
    risk.assess_safety(case, level=SafetyLevel.ORDINARY, assessed_on=TODAY, actor=actor_of(worker), now=now)


@pytest.mark.parametrize("htmx", [False, True])
def test_what_was_typed_stays_and_a_reason_lets_her_go(as_user: AsUser, htmx: bool) -> None:
    worker, course, page = begun()
    course_id, case_id = course.id, course.case.public_id
    browser, headers = as_user(worker), {"HX-Request": "true"} if htmx else {}
    assert f"/risk/{case_id}/assessment" in browser.get(page).text
    refused = browser.post(f"{page}/end", data=EARLY, headers=headers)
    assert refused.status_code == 422 and EARLY["note"] in refused.text and 'id="unchecked-error"' in refused.text
    blank = browser.post(f"{page}/end", data=EARLY | {"unchecked": "elsewhere"}, headers=headers)
    assert blank.status_code == 422 and 'id="checked_by-error"' in blank.text
    said = EARLY | {"unchecked": "elsewhere", "checked_by": "Hendes sagsbehandler i kommunen"}
    assert browser.post(f"{page}/end", data=said, headers=headers).status_code == (200 if htmx else 303)
    ended = db.session.get_one(Enrolment, course_id)
    assert (ended.state, ended.unchecked_reason) == (EnrolmentState.ENDED_EARLY, MissingCheck.ELSEWHERE)
    text = browser.get(page).text
    assert "Hendes sagsbehandler i kommunen" in text
    assert "uden et sidste blik" in text
    assert browser.post(f"{page}/end", data=said, headers=headers).status_code == 409


def test_a_look_made_meanwhile_is_enough(as_user: AsUser) -> None:
    worker, course, page = begun()
    browser, case_id = as_user(worker), course.case_id
    assert browser.post(f"{page}/complete", data={"ended_on": DAY}).status_code == 422
    assess(worker, case_id)
    assert 'name="unchecked"' not in browser.get(page).text
    assert browser.post(f"{page}/complete", data={"ended_on": DAY}).status_code == 303


def test_a_reason_that_is_none_a_stranger_and_another_role(as_user: AsUser) -> None:
    worker, course, page = begun()
    assert as_user(worker).post(f"{page}/end", data=EARLY | {"unchecked": "busy"}).status_code == 422
    given = EARLY | {"unchecked": "not_wanted"}
    assert as_user(make_member(Role.PROGRAMME_WORKER)).post(f"{page}/end", data=given).status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).post(f"{page}/end", data=given).status_code == 403
    assert db.session.get_one(Enrolment, course.id).state is EnrolmentState.ACTIVE


def test_the_page_asks_the_same_number_of_questions(as_user: AsUser, count_queries: Counter) -> None:
    worker, course, page = begun()
    browser, case_id, seen = as_user(worker), course.case_id, []
    for _round in range(2):
        count_queries.start()
        assert browser.get(page).status_code == 200
        seen.append(count_queries.stop())
        for _look in range(3):
            assess(worker, case_id)
    assert seen[0] == seen[1] <= 12, count_queries.statements
