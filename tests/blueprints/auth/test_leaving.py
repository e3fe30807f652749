"""Leaving at once ends the session whatever the page is like that one leaves (R-553)."""

import re
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


def test_back_after_leaving_shows_the_neutral_page_and_never_the_word_sign_in(as_user: AsUser) -> None:
    browser = as_user(make_member())
    browser.post("/leave")
    assert [browser.get(page).location for page in ("/account", "/day")] == ["/weather", "/weather"]
    assert [browser.get(page).location for page in ("/", "/sign-in")] == ["/sign-in", None]
    browser.delete_cookie("weather")
    assert browser.get("/account").location == "/sign-in?next=/account"


def test_whoever_signs_out_is_asked_to_sign_in(as_user: AsUser) -> None:
    browser = as_user(make_member())
    browser.post("/sign-out")
    assert browser.get("/account").location == "/sign-in?next=/account"


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


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("da", "Vejret", ("Stiv kuling", "13,9–17,1", "UV-indeks")),
        ("en", "The weather", ("Near gale", "13.9–17.1", "UV index")),
    ],
)
def test_the_neutral_page_has_nothing_of_the_portals_look(
    client: Any, language: str, title: str, words: tuple[str, ...]
) -> None:
    client.set_cookie("language", language)
    page = client.get("/weather").text
    assert f"<title>{title}</title>" in page
    assert f"<h1>{title}</h1>" in page
    assert all(word in page for word in words)
    # Neither the sheet nor the icon of the other pages, and nothing from elsewhere.
    used = re.findall(r'(?:href|src)="([^"#]+)"', page)
    assert {one.partition("?")[0] for one in used} == {"/static/weather.css", "/static/weather.svg"}
    assert "Portal" not in page
    assert " style=" not in page


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
