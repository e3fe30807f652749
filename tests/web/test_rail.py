"""The rail shows one place as the one where a person stands."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from portal.core.enums import Role
from tests.factories.people import make_member
from tests.factories.referrals import make_request

HERE = re.compile(r'href="([^"]+)" aria-current="page"')
Browser = Callable[..., Any]


def here(browser: Any, page: str) -> list[str]:
    answer = browser.get(page)
    assert answer.status_code == 200
    rail = answer.text.partition('<ul class="rail-list"')[2].partition("</ul>")[0]
    return HERE.findall(rail)


@pytest.mark.parametrize(
    ("page", "entry"),
    [
        ("/referrals/", "/referrals/"),
        ("/referrals/new", "/referrals/"),
        ("/referrals/inbox", "/referrals/inbox"),
        ("/referrals/inbox?view=mine", "/referrals/inbox"),
        ("/meetings/month", "/meetings/"),
        ("/day", "/day"),
    ],
)
def test_a_page_stands_under_one_entry(as_user: Browser, page: str, entry: str) -> None:
    assert here(as_user(make_member(Role.MUNICIPAL_ADVISER)), page) == [entry]


def test_a_request_stands_under_what_was_received(as_user: Browser) -> None:
    made = make_request()
    assert here(as_user(made.intake), f"/referrals/requests/{made.request.public_id}") == ["/referrals/inbox"]


def test_a_page_of_no_entry_stands_nowhere(as_user: Browser) -> None:
    assert here(as_user(make_member()), "/account") == []
