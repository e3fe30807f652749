"""A browser's report of a broken rule leaves one line without an address (ASVS 3.4.7)."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from tests.factories.people import make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
PAGE = "/content-report"


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture) -> None:
    """Warnings are heard, however quiet another test has made the portal."""
    caplog.set_level(logging.WARNING, "portal")


def report(client: Any, **said: object) -> int:
    sent = {"csp-report": said}
    return int(client.post(PAGE, json=sent, headers={"Content-Type": "application/csp-report"}).status_code)


def test_it_names_the_rule_and_the_kind_of_page(as_user: AsUser, caplog: pytest.LogCaptureFixture) -> None:
    member = make_member()
    public_id = make_case(member).public_id
    address = f"https://portal.example/cases/{public_id}?after=secret"
    said = {"document-uri": address, "blocked-uri": f"https://evil.example/{public_id}", "script-sample": "Amira"}
    assert report(as_user(member), **said, **{"effective-directive": "script-src-elem"}) == 204
    assert [record.getMessage() for record in caplog.records] == ["a page broke script-src in cases.detail"]


@pytest.mark.parametrize("said", [
    {}, {"effective-directive": "<script>\nforged line"}, {"document-uri": "https://["}, {"document-uri": 7},
    {"effective-directive": ["script-src"]}, {"document-uri": "javascript:alert(1)"},
])  # fmt: skip
def test_what_is_none_of_ours_is_not_repeated(
    client: Any, said: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    assert report(client, **said) == 204
    assert [record.getMessage() for record in caplog.records] == ["a page broke another rule in -"]


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b'"x"', b'{"csp-report": []}', b'{"a": 1, "a": 2}', b"\xff"])
def test_what_is_no_report_is_no_failure(client: Any, body: bytes) -> None:
    assert client.post(PAGE, data=body, content_type="application/csp-report").status_code in (204, 400)


def test_it_is_taken_from_our_own_pages_alone(client: Any) -> None:
    answer = client.post(PAGE, json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
