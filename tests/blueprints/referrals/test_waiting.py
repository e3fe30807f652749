"""The pages of a waiting list: in words, in order, with a reason for whoever is passed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.states import RequestState
from tests.factories.people import make_member
from tests.factories.referrals import make_offer, make_request
from tests.support.counting import Counter

Browser = Callable[..., Any]
TEXT = "Hun skal ud af sin bolig på fredag."
SOON = f"{local_date(utc_now()) + timedelta(days=9):%d %m %Y}"


def make_two() -> Any:
    offer = make_offer(waiting_order="leaving_date")
    intake = make_member(Role.INTAKE, offer.organisation)
    now = utc_now()
    first = make_request(RequestState.WAITLISTED, offer=offer, intake=intake, now=now - timedelta(days=34))
    second = make_request(RequestState.WAITLISTED, offer=offer, intake=intake, now=now)
    return offer, intake, first, second


def test_the_list_says_in_words_why_she_stands_where_she_stands(as_user: Browser) -> None:
    offer, intake, first, second = make_two()
    made = make_request(RequestState.DECLINED, offer=offer, intake=intake)
    page = as_user(intake).get(f"/referrals/waiting/{offer.public_id}").get_data(as_text=True)
    assert "venter 34 dage" in page and "Den, der flytter først, kommer først" in page
    assert page.index(first.referral.reference) < page.index(second.referral.reference)
    assert made.referral.reference in page and "spørges ikke igen før" in page
    assert as_user(make_member(Role.INTAKE)).get(f"/referrals/waiting/{offer.public_id}").status_code == 404
    assert as_user(make_member()).get(f"/referrals/waiting/{offer.public_id}").status_code == 403


def test_whoever_is_taken_before_others_needs_a_reason_and_all_of_them_show_it(as_user: Browser) -> None:
    _offer, intake, first, second = make_two()
    made = make_request(RequestState.IN_VISITATION, offer=second.offer, intake=intake)
    browser, page = as_user(intake), f"/referrals/requests/{made.request.public_id}"
    criteria = {f"criterion-{row['key']}": "met" for row in made.offer.programme.rules.get("criteria", ())}
    if criteria:
        assert browser.submit(page, f"{page}/criteria", criteria).status_code == 303
    refused = browser.submit(page, f"{page}/offer", {"offer-reason": "", "offer-text": TEXT})
    assert refused.status_code == 422 and TEXT in refused.get_data(as_text=True)
    values = {"offer-reason": "moves_soon", "offer-text": TEXT}
    assert browser.submit(page, f"{page}/offer", values).status_code == 303
    assert TEXT in browser.get(page).get_data(as_text=True)
    passed = browser.get(f"/referrals/requests/{first.request.public_id}").get_data(as_text=True)
    assert "En anden blev taget før hende" in passed and TEXT not in passed
    sender = as_user(first.sender).get(f"/referrals/{first.referral.public_id}").get_data(as_text=True)
    assert "blandt de næste" in sender and "nummer 1" not in sender


def test_she_is_left_out_this_time_or_asked_again(as_user: Browser) -> None:
    _offer, intake, first, _second = make_two()
    browser, page = as_user(intake), f"/referrals/requests/{first.request.public_id}"
    assert browser.submit(page, f"{page}/skip", {"skip-reason": "not_reached", "skip-text": "nej"}).status_code == 422
    values = {"skip-reason": "not_reached", "skip-text": "Ringet tre gange uden svar."}
    assert browser.submit(page, f"{page}/skip", values).status_code == 303
    assert browser.submit(page, f"{page}/still-wanted", {"still-recontact_on": SOON}).status_code == 303
    stranger = as_user(make_member(Role.INTAKE))
    for name in ("skip", "still-wanted"):
        assert stranger.post(f"{page}/{name}").status_code == 404
        assert as_user(make_member()).post(f"{page}/{name}").status_code == 403


def test_a_wrong_moment_is_said(as_user: Browser) -> None:
    made = make_request(RequestState.WITHDRAWN)
    page = f"/referrals/requests/{made.request.public_id}"
    browser = as_user(made.intake)
    assert browser.post(f"{page}/still-wanted", data={"still-recontact_on": SOON}).status_code == 409
    values = {"skip-reason": "not_reached", "skip-text": "Ringet tre gange uden svar."}
    assert browser.post(f"{page}/skip", data=values).status_code == 409


def test_a_lead_says_which_reasons_the_house_uses(as_user: Browser) -> None:
    offer = make_offer()
    made = make_request(RequestState.IN_VISITATION, offer=offer)
    lead = as_user(make_member(Role.PROGRAMME_LEAD, offer.organisation))
    page, address = "/referrals/reasons", "/referrals/reasons/capacity"
    values = {"capacity-reason": "capacity", "capacity-cool_down_days": "0"}
    assert lead.submit(page, address, {**values, "capacity-cool_down_days": "999"}).status_code == 422
    assert lead.submit(page, address, values).status_code == 303
    shown = as_user(made.intake).get(f"/referrals/requests/{made.request.public_id}").get_data(as_text=True)
    assert 'value="capacity"' not in shown and 'value="criteria"' in shown
    assert as_user(made.intake).get(page).status_code == 403


def test_a_list_costs_the_same_for_many_who_wait(as_user: Browser, count_queries: Counter) -> None:
    lists = [make_two()[:2], make_two()[:2]]
    for _number in range(6):
        make_request(RequestState.WAITLISTED, offer=lists[1][0], intake=lists[1][1])
    costs = []
    for offer_id, intake in [(offer.public_id, intake) for offer, intake in lists]:
        browser, page = as_user(intake), f"/referrals/waiting/{offer_id}"
        browser.get(page)
        count_queries.start()
        assert browser.get(page).status_code == 200
        costs.append(count_queries.stop())
    assert costs[0] == costs[1] <= 12
