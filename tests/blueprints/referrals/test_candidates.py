"""Who could start now and why not, what keeps most from starting, and whom the lead puts first."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.enums import Role
from portal.core.states import RequestState
from portal.db import db
from tests.factories.people import make_member
from tests.factories.referrals import make_offer, make_request

Browser = Callable[..., Any]
LIST = "/referrals/closing"
CRITERIA = [
    {"key": "a", "da": "Hun bor selv", "en": "She lives by herself"},
    {"key": "b", "da": "Hun taler dansk", "en": "She speaks Danish"},
]
STEPS = [{"key": "t", "da": "Første samtale", "en": "First talk"}]


def make_three() -> Any:
    offer = make_offer(criteria=CRITERIA, step=STEPS)
    intake = make_member(Role.INTAKE, offer.organisation)
    made = [make_request(RequestState.WAITLISTED, offer=offer, intake=intake) for _one in range(3)]
    for one, answers in zip(made, ({"a": "met", "b": "met"}, {"a": "met", "b": "not_met"}, {"a": "met"}), strict=True):
        one.request.criteria = answers
    made[0].request.steps = {"t": "2026-11-02"}
    db.session.flush()
    return offer.public_id, intake, made, make_member(Role.PROGRAMME_LEAD, offer.organisation)


def test_it_is_said_of_each_whether_she_could_start_now_and_what_is_lacking(as_user: Browser) -> None:
    offer, intake, _made, _lead = make_three()
    text = as_user(intake).get(f"/referrals/waiting/{offer}").get_data(as_text=True)
    assert text.count("Kan begynde nu") == 1 and text.count("Kan ikke begynde nu:") == 2
    assert "ikke opfyldt: Hun taler dansk; ikke holdt: Første samtale." in text
    assert "ikke kendt: Hun taler dansk; ikke holdt" in text
    assert "„Hun taler dansk“" in text and "for 2 af 3" in text


@pytest.mark.parametrize("htmx", [False, True])
def test_the_lead_puts_somebody_first_and_it_stands_in_the_order_until_she_takes_it_back(
    as_user: Browser, htmx: bool
) -> None:
    offer, intake, made, lead = make_three()
    page, last = f"/referrals/requests/{made[2].request.public_id}/first", made[2].referral.reference
    first = made[0].referral.reference
    browser, headers = as_user(lead), {"HX-Request": "true"} if htmx else {}
    assert page in browser.get(LIST).get_data(as_text=True)
    assert "Sæt hende først" in browser.get(page).get_data(as_text=True)
    refused = browser.post(page, data={"reason": ""}, headers=headers)
    assert refused.status_code == 422 and "reason-error" in refused.get_data(as_text=True)
    assert browser.post(page, data={"reason": "other"}).status_code == 422
    assert browser.post(page, data={"reason": "safety"}, headers=headers).status_code == (200 if htmx else 303)
    assert f"{page}/end" in browser.get(LIST).get_data(as_text=True)
    text = as_user(intake).get(f"/referrals/waiting/{offer}").get_data(as_text=True)
    assert text.index(last) < text.index(first) and "Sat først af lederen: Hendes sikkerhed" in text
    assert as_user(lead).post(f"{page}/end", headers=headers).status_code == (200 if htmx else 303)
    text = as_user(intake).get(f"/referrals/waiting/{offer}").get_data(as_text=True)
    assert text.index(first) < text.index(last) and "Sat først" not in text


def test_others_are_kept_out_and_the_wrong_moment_is_said(as_user: Browser) -> None:
    _offer, intake, made, lead = make_three()
    page = f"/referrals/requests/{made[0].request.public_id}/first"
    other = make_offer(organisation=made[0].offer.organisation)
    given = make_request(RequestState.OFFERED, offer=other, intake=intake)
    late = f"/referrals/requests/{given.request.public_id}/first"
    for path in (page, f"{page}/end"):
        assert as_user(intake).post(path, data={"reason": "safety"}).status_code == 403
        assert as_user(make_member(Role.PROGRAMME_LEAD)).post(path, data={"reason": "safety"}).status_code == 404
    browser = as_user(lead)
    assert browser.post(late, data={"reason": "safety"}).status_code == 409
    assert browser.post(f"{page}/end").status_code == 409
