"""What the letter keys need on the pages: a place for each decision, named in the help of the keys (R-794)."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.states import RequestState
from tests.factories.people import make_case, make_member
from tests.factories.referrals import make_request

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def test_each_decision_that_may_be_taken_has_its_key(as_user: AsUser) -> None:
    made = make_request(RequestState.IN_VISITATION)
    page = as_user(made.intake).get(f"/referrals/requests/{made.request.public_id}").text
    for key, address in (("m", "ask"), ("w", "waitlist"), ("d", "decline")):
        assert page.count(f'data-key="{key}"') == 1
        assert f"/{address}" in page.partition(f'data-key="{key}"')[2].partition("</details>")[0]
    before, _key, _after = page.partition('data-key="o"')
    assert "/offer" in before.rpartition("<form")[2]


def test_a_new_request_is_taken_by_its_key(as_user: AsUser) -> None:
    made = make_request()
    browser = as_user(made.intake)
    page = browser.get(f"/referrals/requests/{made.request.public_id}").text
    assert "/take" in page.partition('data-key="c"')[2].partition("</form>")[0]
    assert "data-decides" in browser.get("/referrals/inbox").text


def test_the_form_of_a_contact_is_the_one_that_numbers_choose_in(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    page = as_user(member).get(f"/cases/{case.public_id}/notes").text
    form = page.partition('data-numbers=""')[2].partition("</form>")[0]
    values = [form.index(f'value="{value}"') for value in ("reached", "not_reached", "message_left")]
    assert values == sorted(values)
    assert page.count("data-numbers") == 1


def test_the_help_of_the_keys_lists_them_all(as_user: AsUser) -> None:
    page = as_user(make_member()).get("/day").text
    listed = page.partition('id="keys"')[2].partition("</dl>")[0]
    for key in ("j", "k", "l", "n", "1", "2", "3", "a", "o", "m", "w", "d", "c", "Ctrl", "/"):
        assert f"<kbd>{key}</kbd>" in listed, key
