"""In and out: one answer for every wrong try, sessions that end everywhere at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.db import db
from portal.models.users import UserSession
from portal.services import accounts
from tests.factories.people import make_member
from tests.support.pages import without_fresh

PASSWORD = "correct horse battery"
AsUser = Callable[..., Any]


@pytest.mark.usefixtures("session")
def test_address_and_password_open_a_session_in_a_closed_cookie(client: Any) -> None:
    member = make_member(Role.VOLUNTEER_COORDINATOR)
    answer = client.post("/sign-in", data={"email": member.user.email.upper(), "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert answer.status_code == 303
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    stored = db.session.scalar(sa.select(UserSession.token_hash))
    assert stored not in cookie.encode()


@pytest.mark.usefixtures("session")
def test_wrong_password_unknown_address_and_closed_account_get_one_answer(client: Any) -> None:
    known, closed = make_member(), make_member()
    closed.user.is_active = False
    tries = [(known.user.email, "forkert kode"), ("ingen@example.org", PASSWORD), (closed.user.email, PASSWORD)]
    pages = set()
    for email, password in tries:
        answer = client.post("/sign-in", data={"email": email, "password": password})
        pages.add((answer.status_code, without_fresh(answer.text).replace(email, "")))
    assert len(pages) == 1
    assert pages.pop()[0] == 422


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_after_signing_in_nobody_is_sent_to_another_site(client: Any, target: str) -> None:
    member = make_member()
    answer = client.post("/sign-in", data={"email": member.user.email, "password": PASSWORD, "next": target})
    assert answer.location == "/"


@pytest.mark.usefixtures("session")
def test_a_password_is_taken_exactly_as_typed(client: Any) -> None:
    member = make_member()
    member.user.password_hash = accounts.hasher.hash(" Blåbærgrød med fløde ")
    data = {"email": member.user.email, "password": "Blåbærgrød med fløde"}
    assert client.post("/sign-in", data=data).status_code == 422
    assert client.post("/sign-in", data=data | {"password": " Blåbærgrød med fløde "}).status_code == 303


@pytest.mark.usefixtures("session")
def test_an_idle_session_ends_and_a_busy_one_has_an_absolute_end(as_user: AsUser) -> None:
    member, now = make_member(), utc_now()
    browser = as_user(member)
    with time_machine.travel(now + timedelta(minutes=14), tick=False):
        assert browser.get("/messages/").status_code == 200
    with time_machine.travel(now + timedelta(minutes=28), tick=False):
        assert browser.get("/messages/").status_code == 200
    with time_machine.travel(now + timedelta(minutes=44), tick=False):
        assert browser.get("/messages/").status_code == 303
    other = as_user(member)
    db.session.execute(sa.update(UserSession).values(seen_at=now + timedelta(hours=8)))
    with time_machine.travel(now + timedelta(hours=8, minutes=1), tick=False):
        assert other.get("/messages/").status_code == 303


@pytest.mark.usefixtures("session")
def test_an_ended_membership_ends_the_session_at_the_next_request(as_user: AsUser) -> None:
    member = make_member()
    browser = as_user(member)
    assert browser.get("/messages/").status_code == 200
    member.ended_at = utc_now()
    assert browser.get("/messages/").status_code == 303


@pytest.mark.usefixtures("session")
def test_leaving_ends_the_session_and_shows_a_neutral_page(as_user: AsUser) -> None:
    browser = as_user(make_member())
    answer = browser.post("/leave")
    assert (answer.status_code, answer.location) == (303, "/weather")
    page = browser.get("/weather").get_data(as_text=True)
    assert "Bro" not in page
    assert browser.get("/messages/").status_code == 303


@pytest.mark.usefixtures("session")
def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(client: Any) -> None:
    answer = client.get("/messages/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in")


@pytest.mark.usefixtures("session")
def test_an_edited_cookie_is_nobody(client: Any) -> None:
    for value in ("x", "a" * 43, "b" * 3000):
        client.set_cookie("bro_session", value)
        assert client.get("/messages/").status_code == 303


@pytest.mark.usefixtures("committed")
def test_the_sixth_try_on_one_account_waits(app: Flask) -> None:
    app.config |= {"COUNT_ATTEMPTS": True, "WTF_CSRF_ENABLED": False}
    try:
        browser = app.test_client()
        data = {"email": "ingen@example.org", "password": "x"}
        codes = [browser.post("/sign-in", data=data).status_code for _ in range(6)]
    finally:
        app.config["COUNT_ATTEMPTS"] = False
    assert codes == [422] * 5 + [429]


@pytest.mark.usefixtures("session")
def test_the_language_changes_by_a_post_and_stays(as_user: AsUser) -> None:
    member = make_member()
    browser = as_user(member)
    assert 'lang="da"' in browser.get("/messages/").get_data(as_text=True)
    browser.post("/language", data={"language": "en", "next": "/messages/"})
    assert 'lang="en"' in browser.get("/messages/").get_data(as_text=True)
    browser.post("/language", data={"language": "xx"})
    assert 'lang="en"' in browser.get("/messages/").get_data(as_text=True)
