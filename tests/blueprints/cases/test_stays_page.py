"""The page of her stays: what it says after a stay elsewhere, and where a new one is written."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.queries import cases as case_queries
from portal.services import cases
from tests.factories.people import actor_of, make_case, make_member

Browser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
DAY = timedelta(days=1)
NOW = utc_now()
TODAY = local_date(NOW)
FOLD = '<details class="confirm " id="new-stay"'


def test_a_stay_elsewhere_promises_no_notice(as_user: Browser) -> None:
    member = make_member()
    case, browser = make_case(member, now=NOW), as_user(member)
    days = {"admitted_on": f"{TODAY - 9 * DAY:%d.%m.%Y}", "discharged_on": f"{TODAY - DAY:%d.%m.%Y}"}
    answer = browser.post(f"/cases/{case.public_id}/stay", data={"where": "elsewhere", "previous_stay": "no", **days})
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "Opholdet et andet sted er skrevet ind." in page
    assert "står under Det næste" not in page


def test_after_she_has_left_a_new_stay_is_folded_away_under_a_heading(as_user: Browser) -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    browser, url = as_user(member), f"/cases/{case.public_id}/stay"
    assert FOLD not in browser.get(url).text
    cases.record_stay(case_queries.get(who["actor"], case.public_id), admitted_on=TODAY - 9 * DAY, **who)
    assert FOLD not in browser.get(url).text
    cases.end_stay(case_queries.get(who["actor"], case.public_id), discharged_on=TODAY - DAY, **who)
    page = browser.get(url).text
    assert "Registrér et nyt ophold" in page
    assert f"{FOLD}>" in page
    refused = browser.post(url, data={"previous_stay": "no"})
    assert refused.status_code == 422
    assert f"{FOLD} open>" in refused.text
