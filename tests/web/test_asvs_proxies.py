"""From where a request comes is said by as many proxies as were named, and by nobody else (ASVS 4.1.3, 15.3.4)."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request

from portal import create_app

FORGED = {
    "X-Forwarded-For": "6.6.6.6, 203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "4444",
    "X-Forwarded-Prefix": "/evil",
    "X-Real-IP": "6.6.6.6",
    "Forwarded": "for=6.6.6.6;host=evil.example;proto=https",
    "X-Original-URL": "/admin/users",
    "X-Rewrite-URL": "/admin/users",
}


@pytest.fixture
def counting(app: Flask) -> Iterator[Flask]:
    """A portal that counts tries."""
    app.config |= {"COUNT_ATTEMPTS": True, "WTF_CSRF_ENABLED": False}
    yield app
    app.config["COUNT_ATTEMPTS"] = False


def seen_by(app: Flask, proxies: int) -> tuple[str | None, str, str, str]:
    """What a portal behind so many proxies believes of a forged request."""
    other, seen = create_app({**app.config, "TRUSTED_PROXIES": proxies}), []

    def note() -> None:
        seen.append((request.remote_addr, request.host, request.scheme, request.path))

    other.before_request(note)
    answer = other.test_client().get("/help", headers=FORGED, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    assert answer.status_code == 200
    return seen[0]  # type: ignore[no-any-return]


def test_without_a_proxy_nothing_of_it_is_believed(app: Flask) -> None:
    assert seen_by(app, 0) == ("10.0.0.1", "localhost", "http", "/help")


def test_behind_one_proxy_the_last_word_is_its_own(app: Flask) -> None:
    address, _host, scheme, path = seen_by(app, 1)
    assert (address, scheme, path) == ("203.0.113.9", "https", "/help")


@pytest.mark.usefixtures("committed")
def test_another_address_in_a_header_gives_no_further_tries(counting: Flask) -> None:
    def attempt(turn: int) -> int:
        sent = {"email": f"nobody{turn}@example.org", "password": "x"}
        headers = {"X-Forwarded-For": f"203.0.113.{turn}", "X-Real-IP": f"203.0.113.{turn}"}
        browser: Any = counting.test_client()
        return int(browser.post("/sign-in", data=sent, headers=headers).status_code)

    codes = [attempt(turn) for turn in range(64)]
    assert codes[:60] == [422] * 60
    assert codes[60:] == [429] * 4
