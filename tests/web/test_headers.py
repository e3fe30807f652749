"""The headers and cookies of every answer, whoever asks for whatever (R-552, R-554)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, abort
from werkzeug.test import TestResponse

from portal.core.enums import Role
from portal.web.access import declaration_of
from tests.factories.people import make_member
from tests.web.test_every_door import doors

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'",
    "report-uri /content-report",
}  # fmt: skip
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def wrong_headers(answer: TestResponse, *, is_static: bool = False) -> list[str]:
    """What is not as it should be with the headers of an answer."""
    found = [f"{name}: {answer.headers.get(name)}" for name, value in ALWAYS.items() if answer.headers[name] != value]
    if set(answer.headers["Content-Security-Policy"].split("; ")) != POLICY:
        found.append(answer.headers["Content-Security-Policy"])
    if not is_static and answer.headers["Cache-Control"] != "no-store":
        found.append(answer.headers["Cache-Control"])
    if answer.data and answer.mimetype.startswith("text/") and "charset=utf-8" not in answer.headers["Content-Type"]:
        found.append(answer.headers["Content-Type"])
    closed = all("HttpOnly" in one and "SameSite=" in one for one in answer.headers.getlist("Set-Cookie"))
    found += [] if closed else answer.headers.getlist("Set-Cookie")
    return found + [name for name in ("Access-Control-Allow-Origin", "ETag", "Server") if name in answer.headers]


@pytest.mark.parametrize("role", [None, Role.CONTACT_PERSON])
def test_every_route_answers_with_the_same_headers(app: Flask, client: Any, as_user: AsUser, role: Role | None) -> None:
    browser = as_user(make_member(role)) if role else client
    wrong = {}
    for rule, method, url in doors(app):
        answer = browser.open(url, method=method, headers={"Origin": "https://evil.example"})
        if found := wrong_headers(answer):
            wrong[f"{method} {rule.rule} {answer.status_code}"] = found
    assert wrong == {}


@pytest.mark.parametrize("path", ["/nowhere", "/help?a=1&a=2", "/static/nowhere.js"])
def test_so_does_every_refusal(client: Any, path: str) -> None:
    assert wrong_headers(client.get(path)) == []


def test_so_does_a_failure_of_ours_and_a_file(app: Flask, client: Any) -> None:
    view = app.view_functions["home.help_page"]
    broken: Any = lambda: abort(500)  # noqa: E731
    broken.access = view.access  # type: ignore[attr-defined]
    app.view_functions["home.help_page"] = broken
    try:
        failed = client.get("/help")
    finally:
        app.view_functions["home.help_page"] = view
    assert (failed.status_code, wrong_headers(failed)) == (500, [])
    page = client.get("/help").text
    for file in ("app.js", "leave.js", "icon.svg"):
        address = page.partition(f'"/static/{file}?v=')
        served = client.get(f"/static/{file}?v={address[2].partition(chr(34))[0]}", buffered=True)
        assert address[1] and served.headers["Cache-Control"] == "public, max-age=31536000"
        assert "no-cache" not in client.get(f"/static/{file}", buffered=True).headers["Cache-Control"]


@pytest.mark.parametrize("path", [
    "/.git/config", "/.git/HEAD", "/.env", "/config.py", "/portal/factory.py", "/static/", "/static", "/static/vendor/",
    "/static/../config.py", "/static/%2e%2e/config.py", "/static/..%2f..%2fconfig.py", "/console",
    "/debug", "/metrics", "/swagger", "/openapi.json", "/server-status", "/var/keys", "/docs/security.md",
])  # fmt: skip
def test_nothing_of_the_house_is_served_but_its_own_files(client: Any, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, wrong_headers(answer)) == (404, [])


def test_no_answer_says_what_the_portal_is_made_of(client: Any) -> None:
    for path in ("/sign-in", "/nowhere", "/health"):
        answer = client.get(path)
        told = " ".join(f"{name}: {value}" for name, value in answer.headers.items()) + answer.text
        assert not re.search(r"werkzeug|flask|gunicorn|python|postgres|sqlalchemy|jinja", told, re.IGNORECASE)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_no_other_method_is_supported(client: Any, method: str) -> None:
    answer = client.open("/sign-in", method=method)
    assert (answer.status_code, wrong_headers(answer)) == (405, [])


@pytest.fixture
def secure(app: Flask) -> Iterator[Flask]:
    """The application as it stands behind https, known by one name."""
    given = {"SECURE_COOKIES": True, "SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_NAME": "__Host-form"}
    before = {name: app.config[name] for name in (*given, "PUBLIC_HOST")}
    app.config.update(given, PUBLIC_HOST="portal.example")
    yield app
    app.config.update(before)


def test_behind_https_every_cookie_is_bound_to_the_host(secure: Flask, client: Any) -> None:
    email, base = make_member().user.email, {"base_url": "https://portal.example"}
    shown = client.get("/sign-in", **base)
    signed_in = client.post("/sign-in", data={"email": email, "password": "correct horse battery"}, **base)
    spoken = client.post("/language", data={"language": "en"}, **base)
    left = client.post("/leave", **base)
    cookies = [one for answer in (shown, signed_in, spoken, left) for one in answer.headers.getlist("Set-Cookie")]
    names = {one.partition("=")[0] for one in cookies}
    assert names >= {"__Host-session", "__Host-language", "__Host-weather"}
    for one in cookies:
        assert one.startswith("__Host-") and "Secure" in one and "HttpOnly" in one and "Path=/" in one, one
        assert "Domain" not in one
        is_strict = one.startswith(("__Host-session", "__Host-device", "__Host-half"))
        assert ("SameSite=Strict" if is_strict else "SameSite=Lax") in one, one
    assert all(
        answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
        for answer in (shown, signed_in, spoken, left)
    )


def test_the_portal_answers_to_one_name(secure: Flask, client: Any) -> None:
    strange = client.get("/sign-in", base_url="https://evil.example")
    assert (strange.status_code, strange.text) == (400, "")
    assert client.get("/health", base_url="http://10.0.0.7:8000").status_code in (200, 503)


def changing(app: Flask) -> list[str]:
    """The addresses that change something."""
    return [url for _rule, method, url in doors(app) if method == "POST"]


# As parts of pages: an answer of one line each.
PART = {"HX-Request": "true"}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_change_is_taken_from_another_site(app: Flask, as_user: AsUser, site: str) -> None:
    browser = as_user(make_member())
    answers = {url: browser.post(url, headers=PART | {"Sec-Fetch-Site": site}).status_code for url in changing(app)}
    # What takes a file asks first how long it is.
    assert {url for url, status in answers.items() if status != 400} == {
        url for url, status in answers.items() if status == 413 and url.endswith("/new")
    }


def test_no_change_is_taken_without_the_token_of_the_session(app: Flask, as_user: AsUser) -> None:
    browser = as_user(make_member())
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = {url: browser.post(url, headers=PART).status_code for url in changing(app)}
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    # What takes a file asks first how long it is.
    assert {url for url, status in answers.items() if status != 400} == {
        url for url, status in answers.items() if status == 413 and url.endswith("/new")
    }


def test_a_link_from_a_mail_program_asks_once_more_as_our_own_page(as_user: AsUser) -> None:
    far = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    browser = as_user(make_member())
    browser.delete_cookie("bro_session")
    for path in ("/sign-in", "/account"):
        landing = browser.get(path, headers=far)
        assert (landing.status_code, landing.headers["Refresh"]) == (200, "0")
    assert "Refresh" not in browser.get("/sign-in").headers
    assert "Refresh" not in as_user(make_member()).get("/account", headers=far).headers


@pytest.mark.parametrize("cookie", ["", "x", "x" * 43, "å" * 43, "' OR 1=1 --" * 4])
def test_a_session_that_is_none_of_ours_is_nobody(client: Any, cookie: str) -> None:
    client.set_cookie("bro_session", cookie)
    assert client.get("/account").status_code == 303
    client.set_cookie("form", cookie)
    assert client.get("/sign-in").status_code == 200


@pytest.mark.parametrize("headers", [
    {"Range": "bytes=0-10"}, {"If-None-Match": "*"}, {"If-Modified-Since": "Sat, 01 Jan 2050 00:00:00 GMT"},
    {"X-HTTP-Method-Override": "DELETE"}, {"Accept": "application/json"}, {"Accept-Language": "xx;q=0.00001,*"},
    {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"},
])  # fmt: skip
def test_what_a_request_adds_changes_nothing_of_the_answer(as_user: AsUser, headers: dict[str, str]) -> None:
    browser = as_user(make_member())
    plain, other = browser.get("/account"), browser.get("/account", headers=headers)
    assert other.status_code == plain.status_code == 200
    assert "evil.example" not in other.text and "Din konto" in other.text


def test_every_route_that_changes_something_is_asked_by_post(app: Flask) -> None:
    asked = [rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) & {"PUT", "DELETE"}]
    assert asked == []
    assert declaration_of(app, "auth.leave") is not None
