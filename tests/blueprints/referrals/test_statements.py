"""No page of referrals asks the database more than twelve times, however much it shows."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.states import RequestState
from portal.services import referrals
from tests.factories.people import actor_of, make_member
from tests.factories.referrals import make_draft, make_offer, make_ready_case, make_request
from tests.support.counting import Counter

MOST = 12
Browser = Callable[..., Any]
STATES = [state for state in RequestState if state is not RequestState.DRAFT]


def cost(browser: Any, page: str, counter: Counter) -> int:
    """The statements of a page, its session known and warm."""
    browser.get(page)
    counter.start()
    assert browser.get(page).status_code == 200
    return counter.stop()


@pytest.mark.parametrize("state", STATES)
def test_a_request_costs_little_on_both_sides(as_user: Browser, count_queries: Counter, state: RequestState) -> None:
    made = make_request(state, offer=make_offer(TrackKind.HOUSING))
    pages = {
        made.intake: f"/referrals/requests/{made.request.public_id}",
        made.sender: f"/referrals/{made.referral.public_id}",
    }
    for member, page in pages.items():
        assert cost(as_user(member), page, count_queries) <= MOST, count_queries.statements


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_step_costs_the_same_for_many_offers(as_user: Browser, count_queries: Counter, number: int) -> None:
    member, offers = make_member(), [make_offer()]
    first = make_draft(member, *offers)
    offers += [make_offer() for _more in range(10)]
    second = make_draft(member, *offers, case=make_ready_case(member))
    browser = as_user(member)
    one, many = (
        cost(browser, f"/referrals/{draft.public_id}/step/{number}", count_queries) for draft in (first, second)
    )
    assert one == many <= MOST, count_queries.statements


def test_the_senders_page_costs_the_same_for_many_answers(as_user: Browser, count_queries: Counter) -> None:
    member, seen = make_member(), []
    for many in (1, 11):
        draft = make_draft(member, *(make_offer() for _each in range(many)), case=make_ready_case(member))
        referrals.send(draft, actor=actor_of(member), now=utc_now())
        for request in referrals.requests_of(draft):
            request.state, request.waiting_since = RequestState.WAITLISTED, utc_now()
        seen.append(cost(as_user(member), f"/referrals/{draft.public_id}", count_queries))
    assert seen[0] == seen[1] <= MOST, count_queries.statements


def test_what_a_lead_may_reopen_costs_the_same_for_many(as_user: Browser, count_queries: Counter) -> None:
    seen = []
    for many in (1, 6):
        offer = make_offer()
        lead = make_member(Role.PROGRAMME_LEAD, offer.organisation)
        for _request in range(many):
            make_request(RequestState.DECLINED, offer=offer)
        browser = as_user(lead)
        assert browser.get("/referrals/closing").text.count("/reopen") == many
        seen.append(cost(browser, "/referrals/closing", count_queries))
    assert seen[0] == seen[1] <= MOST, count_queries.statements
