"""A lead gives a late referral to one person, without seeing anything of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.models.waiting import RequestRung
from portal.services import ladder
from tests.factories.people import make_member
from tests.factories.referrals import Made, make_request
from tests.support.counting import Counter

Browser = Callable[..., Any]
LIST = "/referrals/closing"


@dataclass
class Late:
    """A referral that waits for its answer, with whoever could see to it, by public id and name."""

    made: Made
    lead: Any
    page: str
    taker: str
    name: str
    sender: str


def make_late() -> Late:
    made = make_request(now=utc_now() - timedelta(days=20))
    lead = make_member(Role.PROGRAMME_LEAD, made.offer.organisation)
    assert ladder.climb(made.request.id, actor=SYSTEM, now=utc_now()) == 3
    page = f"/referrals/requests/{made.request.public_id}/give"
    return Late(made, lead, page, made.intake.user.public_id, made.intake.user.name, made.sender.user.public_id)


@pytest.mark.parametrize("htmx", [False, True])
def test_the_lead_gives_it_to_one_person_and_the_list_says_until_when(as_user: Browser, htmx: bool) -> None:
    late = make_late()
    browser, page = as_user(late.lead), late.page
    assert page in browser.get(LIST).get_data(as_text=True)
    text = browser.get(page).get_data(as_text=True)
    assert late.name in text and "to hverdage" in text
    headers = {"HX-Request": "true"} if htmx else {}
    values = {"taker": late.taker, "reason": "too_much"}
    done = browser.post(page, data=values, headers=headers)
    assert done.status_code == (200 if htmx else 303)
    seen = browser.get(LIST).get_data(as_text=True)
    assert f"{late.name} ser til den indtil" in seen


def test_what_is_missing_stands_beside_its_field_and_nothing_is_lost(as_user: Browser) -> None:
    late = make_late()
    refused = as_user(late.lead).post(late.page, data={"taker": late.taker, "reason": ""})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "reason-error" in text and "selected" in text
    assert as_user(late.lead).post(late.page, data={"taker": late.sender, "reason": "away"}).status_code == 422


def test_others_are_kept_out_and_too_early_is_said(as_user: Browser) -> None:
    late = make_late()
    made, page, values = late.made, late.page, {"taker": late.taker, "reason": "away"}
    early = make_request(offer=made.offer, intake=made.intake)
    for method in ("get", "post"):
        assert getattr(as_user(made.intake), method)(page, data=values).status_code == 403
        assert getattr(as_user(make_member(Role.PROGRAMME_LEAD)), method)(page, data=values).status_code == 404
    path = f"/referrals/requests/{early.request.public_id}/give"
    assert as_user(late.lead).post(path, data=values).status_code == 409


def test_the_page_costs_the_same_for_many(as_user: Browser, count_queries: Counter, session: Any) -> None:
    seen = []
    for many in (0, 4):
        late = make_late()
        for _more in range(many):
            make_member(Role.INTAKE, late.made.offer.organisation)
        browser = as_user(late.lead)
        browser.get(late.page)
        count_queries.statements.clear()
        assert browser.get(late.page).get_data(as_text=True).count("<option") == many + 2
        seen.append(len(count_queries.statements))
    assert seen[0] == seen[1] <= 12, count_queries.statements
    assert session.scalar(sa.select(sa.func.count()).select_from(RequestRung)) == 6
