"""Where one is led to is a page of ours, whatever the address asks for (R-550)."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.web.pages import known_page, own_page
from tests.factories.people import make_member

OURS = ["/day", "/messages/?view=unread", "/", "/meetings/new?case=abc"]
NOT_OURS = [
    "", "//evil", "javascript:alert(1)", "/\\evil", "https://evil.example/day", "/%2F/evil", "/nowhere", "/sign-out",
    "/leave", "day", "/day\r\nSet-Cookie: a=b", "/day\x00", " /day", "data:text/html,x", "/" + "a" * 600, "\\\\evil",
]  # fmt: skip


@pytest.mark.parametrize("target", OURS)
def test_a_page_that_can_be_opened_is_known(app: Flask, target: str) -> None:
    with app.test_request_context("/"):
        assert known_page(target) == target


@pytest.mark.parametrize("target", NOT_OURS)
def test_everything_else_is_not(app: Flask, target: str) -> None:
    with app.test_request_context("/"):
        assert known_page(target) is None


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("target", NOT_OURS[1:])
def test_after_signing_in_one_is_at_the_front_page_then(client: Any, target: str) -> None:
    member = make_member()
    sent = {"email": member.user.email, "password": "correct horse battery", "next": target}
    answer = client.post("/sign-in", data=sent)
    assert (answer.status_code, answer.location) in ((303, "/"), (400, None))


@pytest.mark.parametrize(
    ("told", "by_htmx", "expected"),
    [
        ("/day", "", "/day"),
        ("/sign-out", "", "/"),
        ("/day", "http://localhost/cases/?state=open", "/cases/?state=open"),
        ("/day", "http://evil.example/cases/", "/day"),
        ("/day", "http://localhost/leave", "/day"),
    ],
)
def test_a_form_says_itself_on_which_page_it_stood(app: Flask, told: str, by_htmx: str, expected: str) -> None:
    headers = {"HX-Current-URL": by_htmx} if by_htmx else {}
    with app.test_request_context("/x", method="POST", data={"from_page": told}, headers=headers):
        assert own_page() == expected


@pytest.mark.usefixtures("session")
def test_every_form_of_a_page_carries_the_page(as_user: Callable[..., Any]) -> None:
    page = as_user(make_member()).get("/account").text
    assert page.count('name="from_page" value="/account"') == page.count('name="form_key"')
