"""Headers, CSRF and the gate: what every answer has, whoever asks."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.core.errors import Conflict, DomainError
from portal.queries.paging import encode
from portal.web.access import Access, declaration_of
from portal.web.errors import STATUS, status_of
from tests.factories.people import make_case, make_member


@pytest.mark.usefixtures("session")
def test_every_answer_is_closed_to_script_frames_and_storage(client: Any) -> None:
    for path in ("/sign-in", "/weather", "/nowhere"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["Cache-Control"] == "no-store"
        assert "HX-Request" in headers["Vary"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_a_form_without_the_token_of_its_session_changes_nothing(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = app.test_client().post("/sign-in", data={"email": "a@example.org", "password": "x"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400


def test_a_route_that_declares_nothing_is_refused(app: Flask) -> None:
    view = app.view_functions["auth.left"]
    app.view_functions["auth.left"] = lambda: "secret"
    try:
        answer = app.test_client().get("/weather")
    finally:
        app.view_functions["auth.left"] = view
    assert answer.status_code == 403
    assert "secret" not in answer.get_data(as_text=True)


def test_every_domain_error_has_a_status() -> None:
    assert set(STATUS) == set(DomainError.__subclasses__())
    assert {status_of(kind.__new__(kind)) for kind in Conflict.__subclasses__()} == {409}


def test_what_a_route_declares_can_be_read(app: Flask) -> None:
    declared = declaration_of(app, "tasks.board")
    assert isinstance(declared, Access)
    assert declared.describe() == "task:board  audit=-"


@pytest.mark.usefixtures("session")
def test_there_is_no_other_method_in_disguise(client: Any) -> None:
    assert client.delete("/sign-in").status_code == 405
    assert client.get("/leave").status_code == 405
    disguised = client.post("/sign-in?_method=DELETE", data={}, headers={"X-HTTP-Method-Override": "DELETE"})
    assert disguised.status_code == 422


@pytest.mark.usefixtures("session")
def test_what_no_database_can_hold_is_refused_and_is_no_failure(as_user: Callable[..., Any]) -> None:
    member = make_member()
    case, browser = make_case(member), as_user(member)
    cursor = encode("2026-01-01T00:00:00+00:00", "note\x00", 1)
    assert browser.get("/cases/%00").status_code == 400
    assert browser.get("/meetings/new", query_string={"case": "\x00"}).status_code == 400
    assert browser.get(f"/cases/{case.public_id}", query_string={"after": cursor}).status_code == 400


def test_a_refused_form_is_counted_without_what_was_typed(
    as_user: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    member = make_member()
    case = make_case(member)
    typed = {"admitted_on": "31 09 2026 hos Amira Hemmelig"}
    assert as_user(member).post(f"/cases/{case.public_id}/stay", data=typed).status_code == 422
    assert [record.getMessage() for record in caplog.records] == ["validation in cases.record_stay"]
