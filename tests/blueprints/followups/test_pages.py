"""Follow-ups in the browser: plain, htmx, refused, strangers, wrong role, wrong moment."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import joinedload

from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.measures import InstrumentKey
from portal.core.states import FollowUpState
from portal.db import db
from portal.models.programmes import Offer
from tests.factories.followups import full_answers, make_followed
from tests.factories.people import make_member, make_organisation
from tests.support.counting import Counter

AsUser = Callable[..., Any]
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("session")


def data_of(version: int, **more: str) -> dict[str, str]:
    answers = full_answers(InstrumentKey.EXPOSURE, InstrumentKey.WHO5)
    flat = {f"{key.value}-{item}": str(value) for key, row in answers.items() for item, value in row.items()}
    return {"version": str(version), "mode": "together", "done": "1", **flat, **more}


def test_the_form_is_filled_in_together(as_user: AsUser) -> None:
    made = make_followed()
    browser, address, version = as_user(made.worker), f"/follow-ups/{made.follow_up().public_id}", 1
    page = browser.get(address).get_data(as_text=True)
    assert "Hvor sikker er du på" in page or "safety_feeling-safety" in page
    version = made.follow_up().version
    answer = browser.post(address, data=data_of(version))
    assert (answer.status_code, answer.location) == (303, address)
    assert made.follow_up().state is FollowUpState.PARTLY_COMPLETED
    shown = browser.get(address).get_data(as_text=True)
    assert "checked" in shown


def test_htmx_goes_to_the_page_after_saving(as_user: AsUser) -> None:
    made = make_followed()
    address = f"/follow-ups/{made.follow_up().public_id}"
    answer = as_user(made.worker).post(address, data=data_of(made.follow_up().version), headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, address)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_was_chosen_stays_when_it_is_refused(as_user: AsUser, headers: dict[str, str]) -> None:
    made = make_followed()
    address, version = f"/follow-ups/{made.follow_up().public_id}", made.follow_up().version
    answer = as_user(made.worker).post(
        address, data=data_of(version, mode="nogen", **{"who5-w1": "4"}), headers=headers
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'name="who5-w1" type="radio" value="4"' in page.replace("checked ", "")
    wrong = as_user(made.worker).post(address, data=data_of(version, **{"who5-w1": "17"}), headers=headers)
    assert wrong.status_code == 422


def test_an_old_page_is_told_so(as_user: AsUser) -> None:
    made = make_followed()
    address, version = f"/follow-ups/{made.follow_up().public_id}", made.follow_up().version
    browser = as_user(made.worker)
    assert browser.post(address, data=data_of(version)).status_code == 303
    assert browser.post(address, data=data_of(version)).status_code == 409


def test_another_organisation_finds_nothing_and_another_role_is_refused(as_user: AsUser) -> None:
    made = make_followed()
    address = f"/follow-ups/{made.follow_up().public_id}"
    stranger = make_member(Role.PROGRAMME_WORKER, make_organisation(OrganisationKind.NGO))
    assert as_user(stranger).get(address).status_code == 404
    assert as_user(stranger).post(address, data={}).status_code == 404
    assert as_user(make_member(Role.GROUP_LEADER)).get(address).status_code == 403
    assert as_user(made.worker).get("/follow-ups/aaaaaaaaaaaaaaaaaaaaaa").status_code == 404


def test_no_answer_is_written_down_once(as_user: AsUser) -> None:
    made = make_followed()
    address = f"/follow-ups/{made.follow_up().public_id}/no-answer"
    browser = as_user(made.worker)
    assert browser.post(address, data={}).status_code == 422
    assert browser.post(address, data={"why": "skipped_unsafe"}).status_code == 422
    assert browser.post(address, data={"why": "declined"}).status_code == 303
    assert browser.post(address, data={"why": "declined"}).status_code == 409


def test_the_days_that_have_passed_close_the_form(as_user: AsUser) -> None:
    made = make_followed()
    address, version = f"/follow-ups/{made.follow_up().public_id}", made.follow_up().version
    with time_machine.travel(utc_now() + timedelta(days=60), tick=False):
        browser = as_user(made.worker)
        assert "<form" in browser.get(address).get_data(as_text=True)
        assert browser.post(address, data=data_of(version)).status_code == 409


def test_the_list_costs_the_same_for_fifty_as_for_one(as_user: AsUser, count_queries: Counter) -> None:
    made = make_followed()
    browser, seen = as_user(made.worker), []
    for more in (0, 49):
        offer = db.session.scalar(sa.select(Offer).options(joinedload(Offer.programme)))
        for _ in range(more):
            make_followed(worker=made.worker, offer=offer)
        db.session.commit()
        count_queries.start()
        page = browser.get("/follow-ups/?view=all")
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements
    assert page.get_data(as_text=True).count("/follow-ups/") >= 50
    assert browser.get("/follow-ups/?after=nonsense").status_code == 400


def test_a_no_is_an_answer_that_stands_when_the_page_is_opened_again(as_user: AsUser) -> None:
    made = make_followed()
    address, no = f"/follow-ups/{made.follow_up().public_id}", {"exposure-psychological": "0"}
    browser = as_user(made.worker)
    assert browser.post(address, data=data_of(made.follow_up().version, done="0", **no)).status_code == 303
    assert re.search(r'<input checked id="exposure-psychological-0"', browser.get(address).text)
    whole = data_of(made.follow_up().version, **no)
    assert browser.post(address, data=whole).status_code == 303
    with time_machine.travel(utc_now() + timedelta(days=90), tick=False):
        later = as_user(made.worker).get(address).text
    assert "<dt>Psykisk vold</dt><dd>Nej</dd>" in later
