"""The lead's page of courses that have ended and may go on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import EndReason, TrackKind
from portal.core.states import EnrolmentState
from portal.db import db
from portal.models.enrolments import Enrolment
from portal.services import enrolments
from tests.factories.enrolments import UNCHECKED, make_enrolment
from tests.factories.people import actor_of, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
LIST = "/courses/ended"


def make_ended() -> tuple[Any, Any, Enrolment]:
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT, is_started=True)
    now = utc_now()
    enrolments.end_early(
        course, EndReason.HER_WISH, local_date(now), unchecked=UNCHECKED, actor=actor_of(worker), now=now
    )
    return worker, make_member(Role.PROGRAMME_LEAD, worker.organisation), course


@pytest.mark.parametrize("htmx", [False, True])
def test_the_lead_lets_it_go_on_with_a_reason(as_user: AsUser, htmx: bool) -> None:
    _worker, lead, course = make_ended()
    course_id, page = course.id, f"{LIST}/{course.public_id}"
    own, shown, headers = course.case.reference, course.case.lead_reference, {"HX-Request": "true"} if htmx else {}
    browser = as_user(lead)
    text = browser.get(LIST).get_data(as_text=True)
    assert shown in text and own not in text and page in text
    refused = browser.post(page, data={"reason": ""}, headers=headers)
    assert refused.status_code == 422 and "-error" in refused.get_data(as_text=True)
    done = browser.post(page, data={"reason": "needed_again"}, headers=headers)
    assert done.status_code == (200 if htmx else 303)
    assert db.session.get_one(Enrolment, course_id).state is EnrolmentState.ACTIVE
    assert "Der er ingen forløb" in browser.get(LIST).get_data(as_text=True)


def test_others_are_kept_out_and_too_late_is_said(as_user: AsUser) -> None:
    worker, lead, course = make_ended()
    page, given = f"{LIST}/{course.public_id}", {"reason": "mistake"}
    assert as_user(worker).get(LIST).status_code == 403 == as_user(worker).post(page, data=given).status_code
    assert as_user(make_member(Role.PROGRAMME_LEAD)).post(page, data=given).status_code == 404
    course.started_on = course.ended_on = local_date(utc_now()) - timedelta(days=91)
    db.session.flush()
    assert as_user(lead).post(page, data=given).status_code == 409


def test_the_page_costs_the_same_for_many(as_user: AsUser, count_queries: Counter) -> None:
    _worker, lead, course = make_ended()
    browser, seen = as_user(lead), []
    for _round in range(2):
        count_queries.start()
        assert browser.get(LIST).status_code == 200
        seen.append(count_queries.stop())
        for _more in range(3):
            _other, _lead, another = make_ended()
            another.organisation_id = course.organisation_id
        db.session.flush()
    assert seen[0] == seen[1] <= 12, count_queries.statements
