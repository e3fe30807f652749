"""What goes wrong tells nobody anything: not the page, not the log (ASVS 16.2.5, 16.4.1, 16.5.1, 16.5.3, 16.5.4)."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from portal.core.errors import Unlogged
from portal.core.request_id import set_request_id
from portal.services import audit
from portal.web import errors
from portal.web.logs import JsonLine, failure
from tests.factories.people import make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
SECRET = "Nørregade 12, Amira Hassan, 010180-1234"


@pytest.fixture
def last_resort(app: Flask) -> Iterator[Flask]:
    """The portal with the handler that stands for everything unforeseen, as it stands outside tests."""
    handlers = app.error_handler_spec[None][None]
    handlers[Exception] = errors.unknown_error
    yield app
    del handlers[Exception]


@pytest.fixture
def failing(last_resort: Flask) -> Iterator[Callable[[Exception], None]]:
    """Lets the help page fail with an error."""
    view = last_resort.view_functions["home.help_page"]

    def fail_with(error: Exception) -> None:
        def broken() -> str:
            try:
                raise error
            except Exception as cause:
                raise RuntimeError(f"on behalf of {SECRET}") from cause

        broken.access = view.access  # type: ignore[attr-defined]
        last_resort.view_functions["home.help_page"] = broken

    yield fail_with
    last_resort.view_functions["home.help_page"] = view


@pytest.mark.parametrize("error", [ValueError(SECRET), KeyError(SECRET), OSError(2, SECRET), RecursionError(SECRET)])
def test_a_failure_of_ours_shows_a_number_and_no_details(
    failing: Callable[[Exception], None], client: Any, error: Exception
) -> None:
    failing(error)
    answer = client.get("/help")
    assert answer.status_code == 500
    shown = answer.text
    assert all(word not in shown for word in ("Nørregade", "Amira", "Error", "Traceback", "portal/", ".py"))
    assert "Noget gik galt" in shown


def test_the_log_says_where_and_never_the_words(
    failing: Callable[[Exception], None], client: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(ValueError(SECRET))
    shown = client.get("/help").text
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert said["event"] == "unhandled error in home.help_page"
    assert [kind.partition(" at ")[0] for kind in said["failure"]] == ["RuntimeError", "ValueError"]
    assert "test_asvs_errors.py" in said["failure"][0]
    assert said["timestamp"].endswith("+00:00")
    # The number that the page shows leads to this line.
    assert said["request"] in shown
    assert "Amira" not in line and "1234" not in line


FORGED = ["a\nERROR: forged", "a\r\nb", "\x1b[31mred\x1b[0m", '"}\n{"event": "forged"}', "\u2028x"]


@pytest.mark.parametrize("text", FORGED)
def test_nothing_that_is_logged_begins_a_line_of_its_own(text: str) -> None:
    set_request_id("r" * 20)
    record = logging.LogRecord("portal", logging.WARNING, __file__, 1, "said %s", (text,), None)
    line = JsonLine().format(record)
    assert line.isascii() and line.isprintable()
    assert json.loads(line)["event"] == f"said {text}"
    assert json.loads(line)["request"] == "r" * 20


def test_the_handler_of_the_portal_writes_such_lines(app: Flask) -> None:
    (handler,) = logging.getLogger("portal").handlers
    assert isinstance(handler.formatter, JsonLine)
    assert app.logger.name.startswith("portal.")
    assert app.logger.handlers == []


def test_a_chain_of_causes_that_never_ends_is_cut() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert len(failure(one)) == 5


def test_a_failure_halfway_opens_nothing(last_resort: Flask, as_user: AsUser, monkeypatch: pytest.MonkeyPatch) -> None:
    member = make_member()
    case, browser = make_case(member), as_user(member)
    page = f"/cases/{case.public_id}"
    whole = browser.get(page)
    assert whole.status_code == 200

    def broken(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(audit, "record_view", broken)
    refused = browser.get(page)
    assert refused.status_code == 500
    assert case.reference not in refused.text


def test_what_cannot_be_written_down_is_not_shown(as_user: AsUser, monkeypatch: pytest.MonkeyPatch) -> None:
    member = make_member()
    case, browser = make_case(member), as_user(member)

    def full(*_args: object, **_named: object) -> None:
        raise Unlogged

    monkeypatch.setattr(audit, "record_view", full)
    refused = browser.get(f"/cases/{case.public_id}")
    assert refused.status_code == 503
    assert case.reference not in refused.text


WORKER = """
import logging
from portal.cli.jobs import _write_logs_as_json
_write_logs_as_json()
try:
    int("hos Amira Hemmelig")
except ValueError:
    logging.getLogger("apscheduler").exception("a job failed")
"""


def test_what_a_library_says_in_the_worker_is_such_a_line_too() -> None:
    written = subprocess.run([sys.executable, "-c", WORKER], capture_output=True, text=True, check=True)
    (line,) = (written.stdout + written.stderr).splitlines()
    said = json.loads(line)
    assert (said["level"], said["event"]) == ("error", "a job failed")
    assert said["failure"] == ["ValueError at <string>:6"]
    assert "Hemmelig" not in line
