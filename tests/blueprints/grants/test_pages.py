"""An application in the browser, from the case worker's form to the second approver's yes."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.enums import Role
from portal.core.states import GrantState
from portal.db import db
from portal.queries import grants as grant_queries
from tests.factories.grants import House, make_application, make_house
from tests.factories.people import make_case, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
FILLED = {
    "amount_basic_furniture": "6.400",
    "purpose_basic_furniture": "senge",
    "other_support": "ingen",
    "payee_kind": "shop",
    "account": "1234 0000000000",
    "consent": "oral",
}
pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def house() -> House:
    return make_house()


def test_the_case_worker_applies_in_two_pages(as_user: AsUser, house: House) -> None:
    case, browser = make_case(house.contact), as_user(house.contact)
    begun = browser.post(f"/grants/new/{case.public_id}", data={"fund": house.fund.public_id})
    sent = browser.submit(begun.location, data=FILLED)
    assert (begun.status_code, sent.status_code) == (303, 303)
    page = browser.get(sent.location).get_data(as_text=True)
    assert "6.400 kr." in page
    assert "Sendt" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amount_basic_furniture": "64.00"}, "Skriv beløbet"),
        ({"amount_basic_furniture": ""}, "Skriv mindst ét formål"),
        ({"payee_kind": ""}, "Udfyld feltet"),
        ({"payee_kind": "somebody"}, "Vælg en af dem"),
        ({"consent": ""}, "Udfyld feltet"),
        ({"other_support": "x" * 20_001}, "højst"),
    ],
)
def test_what_cannot_be_taken_in_is_told_beside_the_field_and_kept(
    as_user: AsUser, house: House, change: dict[str, str], said: str
) -> None:
    application = make_application(house, state=GrantState.DRAFT)
    answer = as_user(house.contact).submit(f"/grants/{application.public_id}/edit", data=FILLED | change)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert "senge" in page
    assert application.state is GrantState.DRAFT


def test_a_stranger_finds_nothing_and_another_role_is_refused(as_user: AsUser, house: House) -> None:
    application = make_application(house)
    assert as_user(make_member()).get(f"/grants/{application.public_id}").status_code == 404
    assert as_user(make_member(Role.GRANT_OFFICER)).get(f"/grants/{application.public_id}").status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).get("/grants/").status_code == 403
    assert as_user(house.officer).post(f"/grants/{application.public_id}/approve").status_code == 403


def test_the_officer_recommends_less_and_two_approvers_say_yes(as_user: AsUser, house: House) -> None:
    application = make_application(house, ore=640_000, state=GrantState.SCREENING)
    line = grant_queries.list_lines(application)[0]
    page = f"/grants/{application.public_id}"
    data = {"text": "Behovet er klart", f"amount_{line.public_id}": "6.000"}
    assert as_user(house.officer).submit(page, f"{page}/recommend", data).status_code == 303
    assert as_user(house.first).post(f"{page}/approve").status_code == 303
    assert as_user(house.first).post(f"{page}/approve").status_code == 403
    assert application.state is GrantState.ASSESSED
    assert as_user(house.second).post(f"{page}/approve").status_code == 303
    assert (application.state, application.approved_ore) == (GrantState.APPROVED, 600_000)
    assert as_user(house.second).post(f"{page}/approve").status_code == 409


def test_the_same_yes_sent_twice_counts_once(as_user: AsUser, house: House) -> None:
    application = make_application(house, ore=640_000)
    browser, data = as_user(house.first), {"form_key": "a" * 22}
    codes = [browser.post(f"/grants/{application.public_id}/approve", data=data).status_code for _ in range(2)]
    assert codes == [303, 303]
    assert len(grant_queries.list_approvals(application)) == 1


def test_an_amount_that_cannot_be_read_changes_nothing(as_user: AsUser, house: House) -> None:
    application = make_application(house, state=GrantState.SCREENING)
    line = grant_queries.list_lines(application)[0]
    data = {"text": "ja", f"amount_{line.public_id}": "12.50"}
    answer = as_user(house.officer).post(f"/grants/{application.public_id}/recommend", data=data)
    assert answer.status_code == 422
    assert application.state is GrantState.SCREENING


def test_the_account_is_shown_to_the_payer_alone_and_only_with_a_reason(as_user: AsUser, house: House) -> None:
    application = make_application(house, state=GrantState.PAYMENT_ORDERED)
    page = f"/grants/{application.public_id}"
    assert "0000000000" not in as_user(house.payer).get(page).get_data(as_text=True)
    assert as_user(house.payer).post(f"{page}/account", data={"reason": ""}).status_code == 422
    shown = as_user(house.payer).post(f"{page}/account", data={"reason": "overførsel i banken"})
    assert "1234 0000000000" in shown.get_data(as_text=True)
    assert as_user(house.first).post(f"{page}/account", data={"reason": "nysgerrig"}).status_code == 403


def test_the_queue_costs_the_same_for_fifty_as_for_one(as_user: AsUser, house: House, count_queries: Counter) -> None:
    browser, seen = as_user(house.officer), []
    for more in (1, 49):
        for _ in range(more):
            make_application(house, state=GrantState.SUBMITTED)
        db.session.commit()
        count_queries.start()
        browser.get("/grants/")
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements
