"""The page of a notice: the day it was sent, and its correction."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind
from portal.models.stays import StatutoryNotice
from portal.services import cases
from tests.factories.people import actor_of, make_case, make_member, make_organisation

Browser = Callable[..., Any]
DAY = timedelta(days=1)
NOW = utc_now()
TODAY = local_date(NOW)
CAME = TODAY - 20 * DAY


@pytest.fixture
def member(session: Any) -> Any:
    house = make_organisation(OrganisationKind.SHELTER, name="Centret", may_hold_cpr=True)
    return make_member(organisation=house)


def admitted(member: Any, session: Any) -> tuple[Any, StatutoryNotice, str]:
    case = make_case(member, name="Amira", now=NOW)
    cases.record_stay(case, admitted_on=CAME, actor=actor_of(member), now=NOW)
    found = session.scalars(sa.select(StatutoryNotice)).one()
    return case, found, f"/cases/{case.public_id}/notices/{found.public_id}"


def test_a_day_before_she_came_is_refused_next_to_its_field(as_user: Browser, session: Any, member: Any) -> None:
    _case, found, url = admitted(member, session)
    answer = as_user(member).post(url, data={"sent_on": f"{CAME - DAY:%d.%m.%Y}"})
    assert answer.status_code == 422
    assert "sent_on-error" in answer.get_data(as_text=True)
    assert found.sent_on is None


def test_a_wrong_day_is_corrected_on_the_page_and_what_stood_is_shown(
    as_user: Browser, session: Any, member: Any
) -> None:
    case, found, url = admitted(member, session)
    browser = as_user(member)
    assert browser.post(url, data={"sent_on": f"{TODAY:%d.%m.%Y}"}).status_code == 303
    refused = browser.post(f"{url}/sent", data={"sent_on": f"{CAME:%d.%m.%Y}"})
    assert (refused.status_code, found.sent_on) == (422, TODAY)
    given = {"sent_on": f"{CAME + DAY:%d.%m.%Y}", "reason": "Tastefejl"}
    assert browser.post(f"{url}/sent", data=given).location == url
    page = browser.get(url).get_data(as_text=True)
    assert f"{CAME + DAY:%d.%m.%Y}" in page
    assert "Tastefejl" in page
    assert f"{TODAY:%d.%m.%Y}" in page
    days = browser.get(f"/deadlines/{case.public_id}").get_data(as_text=True)
    assert f"{CAME + DAY:%d.%m.%Y}" in days


def test_the_bridge_leads_to_a_notice_before_she_leaves(as_user: Browser, session: Any, member: Any) -> None:
    case = make_case(member, name="Amira", now=NOW)
    leaves = TODAY + 9 * DAY
    cases.record_stay(case, admitted_on=CAME, planned_move_on=leaves, actor=actor_of(member), now=NOW)
    browser, bridge = as_user(member), f"/bridge/{case.public_id}"
    assert f"/cases/{case.public_id}/leaving-notice" in browser.get(bridge).get_data(as_text=True)
    notice = browser.post(f"/cases/{case.public_id}/leaving-notice").location
    page = browser.get(notice).get_data(as_text=True)
    assert f"Centret orienterer om, at en person efter planen udskrives den {leaves:%d.%m.%Y}." in page
    assert browser.get(f"{notice}/file").status_code == 200
    assert notice in browser.get(bridge).get_data(as_text=True)
    assert browser.post(notice, data={"sent_on": f"{TODAY:%d.%m.%Y}"}).status_code == 303
    assert "Sendt den" in browser.get(notice).get_data(as_text=True)
    cases.plan_move(case, leaves + DAY, actor=actor_of(member), now=NOW)
    session.commit()
    for url in (bridge, notice):
        assert "leaving-notice" in browser.get(url).get_data(as_text=True)
