"""Every kind of course opens its own page, and is begun, rested and ended from it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.states import EnrolmentState
from portal.db import db
from portal.services import notes
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, make_case, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
CTI = TrackKind.CTI


def typed(days: int = 0) -> str:
    return (local_date(utc_now()) + timedelta(days=days)).strftime("%d %m %Y")


@pytest.mark.parametrize("kind", [kind for kind in TrackKind if kind is not TrackKind.COURSE])
def test_every_kind_opens_its_own_page_with_next_step_and_end_rule(as_user: AsUser, kind: TrackKind) -> None:
    worker, course = make_enrolment(kind)
    reference = course.case.reference
    answer = as_user(worker).get(f"/courses/{course.public_id}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Det næste" in page
    assert reference in page


def test_a_course_is_begun_rested_gone_on_with_and_ended(as_user: AsUser) -> None:
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT)
    browser, page = as_user(worker), f"/courses/{course.public_id}"
    assert browser.post(f"{page}/start", data={"started_on": "31 09 2026"}).status_code == 422
    assert browser.post(f"{page}/start", data={"started_on": typed(2)}).status_code == 422
    assert browser.post(f"{page}/start", data={"started_on": typed()}).status_code == 303
    assert browser.post(f"{page}/start", data={"started_on": typed()}).status_code == 409
    rest = {"reason": "hospital", "review_on": typed(90)}
    assert browser.post(f"{page}/pause", data=rest).status_code == 422
    assert browser.post(f"{page}/pause", data=rest | {"review_on": typed(30)}).status_code == 303
    assert browser.post(f"{page}/resume").status_code == 303
    end = {"reason": "other", "ended_on": typed()}
    assert browser.post(f"{page}/end", data=end).status_code == 422
    assert (
        browser.post(f"{page}/end", data=end | {"note": "flyttet til udlandet", "unchecked": "not_reached"}).status_code
        == 303
    )
    assert course.state is EnrolmentState.ENDED_EARLY


def test_that_she_is_quiet_is_never_a_reason(as_user: AsUser) -> None:
    worker, course = make_enrolment(CTI, is_started=True)
    answer = as_user(worker).post(f"/courses/{course.public_id}/end", data={"reason": "inactive", "ended_on": typed()})
    assert answer.status_code == 422
    assert course.state is EnrolmentState.ACTIVE


def test_a_stranger_finds_nothing_and_another_role_is_refused(as_user: AsUser) -> None:
    _worker, course = make_enrolment(CTI)
    stranger = make_member(Role.PROGRAMME_WORKER)
    assert as_user(stranger).get(f"/courses/{course.public_id}").status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).get(f"/courses/{course.public_id}").status_code == 403


def test_the_page_costs_the_same_for_much_as_for_little(as_user: AsUser, count_queries: Counter) -> None:
    worker, course = make_enrolment(CTI, is_started=True)
    browser, seen, case = as_user(worker), [], course.case
    for more in (1, 15):
        for _ in range(more):
            notes.write_note(case, text="x", actor=actor_of(worker), now=utc_now())
        db.session.commit()
        count_queries.start()
        browser.get(f"/courses/{course.public_id}")
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements


def test_a_phase_plan_takes_one_to_three_areas_and_explains_the_fourth(as_user: AsUser) -> None:
    worker, course = make_enrolment(CTI, is_started=True)
    browser, page = as_user(worker), f"/cti/{course.public_id}"
    four = {"areas": ["safety", "network", "finances", "housing"], "plan": "Ringe til banken"}
    refused = browser.submit(page, f"{page}/plan", four)
    assert refused.status_code == 422
    assert "højst tre" in refused.get_data(as_text=True)
    assert browser.submit(page, f"{page}/plan", four | {"areas": ["safety", "network"]}).status_code == 303
    assert "Ringe til banken" in browser.get(page).get_data(as_text=True)


def test_the_counselling_is_offered_answered_and_begun(as_user: AsUser) -> None:
    adviser = make_member(Role.MUNICIPAL_ADVISER)
    browser, page = as_user(adviser), f"/counselling/{make_case(adviser).public_id}"
    assert browser.get(page).status_code == 200
    given = {"offered_on": typed(), "how": "in_person", "areas": ["housing"]}
    assert browser.post(f"{page}/offer", data=given).status_code == 303
    assert browser.post(f"{page}/answer", data={"given": "maybe", "answered_on": typed()}).status_code == 422
    assert browser.post(f"{page}/answer", data={"given": "yes", "answered_on": typed()}).status_code == 303
    assert browser.post(f"{page}/offer", data=given).status_code == 409


def test_hours_are_never_overdrawn_and_a_wrong_entry_is_taken_back(as_user: AsUser) -> None:
    from portal.queries import counselling as queries

    worker, course = make_enrolment(TrackKind.ENTITLEMENT, is_started=True)
    browser, page = as_user(worker), f"/counselling/hours/{course.public_id}"
    ledger = queries.list_ledgers(course.id)[0].public_id
    entry = {"held_on": typed(), "authorisation": "12345"}
    assert browser.post(f"{page}/{ledger}/use", data=entry | {"minutes": "6"}).status_code == 303
    assert browser.post(f"{page}/{ledger}/use", data=entry | {"minutes": "4,5"}).status_code == 422
    assert browser.post(f"{page}/{ledger}/use", data=entry | {"minutes": "mange"}).status_code == 422
    assert "6 af 10 brugt" in browser.get(page).get_data(as_text=True)
    first = queries.list_ledgers(course.id)[0].entries[0].public_id
    assert browser.post(f"{page}/entries/{first}/correct").status_code == 303
    assert browser.post(f"{page}/entries/{first}/correct").status_code == 409
    assert "0 af 10 brugt" in browser.get(page).get_data(as_text=True)
