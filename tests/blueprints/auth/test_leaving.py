"""Leaving at once ends the session whatever the page is like that one leaves (R-553)."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.factories.people import make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def test_leaving_ends_the_session_and_empties_the_browser(as_user: AsUser) -> None:
    browser = as_user(make_member())
    token = browser.get_cookie("bro_session").value
    answer = browser.post("/leave")
    assert (answer.status_code, answer.location) == (303, "/weather")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.get_cookie("bro_session") is None
    browser.set_cookie("bro_session", token)
    assert browser.get("/account").status_code == 303


def test_it_works_from_a_page_whose_token_is_too_old(app: Flask, as_user: AsUser) -> None:
    browser = as_user(make_member())
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert browser.post("/leave", data={"csrf_token": "from yesterday"}).status_code == 303
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert browser.get("/account").status_code == 303


def test_no_other_site_can_end_a_session(as_user: AsUser) -> None:
    browser = as_user(make_member())
    assert browser.post("/leave", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert browser.get("/account").status_code == 200


def test_twice_is_no_mistake(client: Any) -> None:
    assert [client.post("/leave").status_code for _ in range(2)] == [303, 303]


def test_the_neutral_page_knows_nothing_of_the_portal(client: Any) -> None:
    answer = client.get("/weather")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Set-Cookie" not in answer.headers
    for word in ("Bro", "csrf", "<script", "<form", "sign-in", "data-", "1888", "Krisecenter"):
        assert word not in answer.text, word


@pytest.mark.parametrize("path", ["/sign-in", "/help", "/accessibility", "/nowhere", "/help?a=1&a=2"])
def test_every_public_page_and_every_refusal_can_be_left(client: Any, path: str) -> None:
    page = client.get(path).text
    assert 'action="/leave"' in page and 'form="leave-page"' in page
    assert page.index('form="leave-page"') < page.index('class="skipnav" href="#main"')


def test_it_is_said_that_the_history_is_not_erased(client: Any) -> None:
    assert "husker stadig, hvilke adresser" in client.get("/help").text


def test_another_neutral_page_may_be_set(app: Flask, client: Any) -> None:
    app.config["NEUTRAL_URL"] = "https://vejret.example/"
    try:
        assert 'data-leave-to="https://vejret.example/"' in client.get("/help").text
    finally:
        app.config["NEUTRAL_URL"] = ""
