"""What no page of ours sends is refused, on every route and before anything reads it (R-551)."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.web.file_routes import Capped
from tests.factories.people import make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
PLAIN = "application/x-www-form-urlencoded"
NEUTRAL = "Siden kunne ikke læses"


@pytest.mark.parametrize(
    "body",
    [
        b"email=a%00b&password=x",
        b"email=\xe5se&password=x",
        b"email=%E5se&password=x",
        b"email=%C0%AF&password=x",
        b"email=%ED%A0%80&password=x",
        b"email=a@example.org&email=b@example.org&password=x",
        b"email=a@example.org&password=x&password=y",
        b"email=a@example.org&password=x&next=/day&next=/cases/",
        b"em%00ail=a",
    ],
)
def test_a_form_of_bytes_that_are_no_text_or_of_doubles_is_refused(client: Any, body: bytes) -> None:
    answer = client.post("/sign-in", data=body, content_type=PLAIN)
    assert (answer.status_code, NEUTRAL in answer.text) == (400, True)


@pytest.mark.parametrize("path", [
    "/help?a=1&a=2", "/help?a=%00", "/help?%00=1", "/help?a=%ff", "/help?a=%C0%AF", "/help?a=%ED%A0%80",
    "/help?view=all&view=mine", "/help?a=1&a=1",
])  # fmt: skip
def test_an_address_that_says_a_thing_twice_or_is_no_text_is_refused(client: Any, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, NEUTRAL in answer.text) == (400, True)


def test_a_path_that_is_no_text_is_refused(client: Any) -> None:
    assert client.get("/", environ_overrides={"PATH_INFO": "/help\xff"}).status_code == 400


def test_several_choices_of_one_field_are_no_doubles(as_user: AsUser) -> None:
    member = make_member()
    case, browser = make_case(member), as_user(member)
    page = f"/cases/{case.public_id}/contacts"
    sent = MultiDict([("text", "Vi talte"), ("themes", "housing"), ("themes", "economy")])
    assert browser.post(page, data=sent).status_code != 400


@pytest.mark.parametrize("value", ["a\x00b", "a\ufffdb"])
def test_a_form_in_parts_is_held_to_the_same(client: Any, value: str) -> None:
    answer = client.post("/sign-in", data={"email": value, "password": "x"}, content_type="multipart/form-data")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body", ['{"page": "/day", "page": "/x", "forms": []}', "[]", "{", '{"page": 1}', "[" * 50_000, '{"forms": [1]}']
)
def test_a_message_that_says_a_thing_twice_or_is_no_message_is_refused(client: Any, body: str) -> None:
    assert client.post("/lock", data=body, content_type="application/json").status_code == 400


def test_what_is_too_much_is_refused_as_such(client: Any) -> None:
    answer = client.post("/sign-in", data={"email": "a" * 1_100_000})
    assert answer.status_code == 413


def test_text_of_all_kinds_is_taken(client: Any) -> None:
    sent = {"email": "Åse-Marie O'Neill Ærø-Østergård 😀 ﷽", "password": "x"}
    assert client.post("/sign-in", data=sent).status_code == 422


def test_the_check_comes_before_the_token(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = app.test_client().post("/sign-in", data=b"csrf_token=%ff", content_type=PLAIN)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert NEUTRAL in answer.get_data(as_text=True)


def test_of_a_file_that_is_too_large_no_more_is_kept_than_shows_that() -> None:
    kept = Capped(10)
    assert [kept.write(b"x" * 8) for _time in range(4)] == [8] * 4
    assert kept.getvalue() == b"x" * 11
