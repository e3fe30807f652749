"""The stand-in refuses what the provider refuses, and in the same form."""

import http.client
import json
import subprocess
import sys
from typing import Any

import pytest

from portal.demo.mail_taker import DEMO_KEY, KEPT, MailTaker

GOOD: dict[str, Any] = {
    "personalizations": [{"to": [{"email": "anna@example.org"}]}],
    "from": {"email": "portal@bro.example"},
    "subject": "News",
    "content": [{"type": "text/plain", "value": "Sign in."}],
}


def post(
    taker: MailTaker,
    body: object,
    *,
    key: str = DEMO_KEY,
    kind: str = "application/json",
    path: str = "/v3/mail/send",
    length: int | None = None,
) -> tuple[int, dict[str, str], bytes]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    line = http.client.HTTPConnection("127.0.0.1", taker.port, timeout=5)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": kind}
    if length is not None:
        headers["Content-Length"] = str(length)
    line.request("POST", path, raw, headers)
    answer = line.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    line.close()
    return found


def test_a_whole_mail_gets_202_an_id_and_no_text(taker: MailTaker) -> None:
    status, headers, text = post(taker, GOOD)
    assert (status, text) == (202, b"")
    assert headers["X-Message-Id"] == taker.received[0].message_id


def test_the_sandbox_checks_and_keeps_nothing(taker: MailTaker) -> None:
    status, headers, _ = post(taker, GOOD | {"mail_settings": {"sandbox_mode": {"enable": True}}})
    assert status == 200
    assert "X-Message-Id" not in headers
    assert not taker.received


@pytest.mark.parametrize("missing", ["personalizations", "from", "subject", "content"])
def test_what_is_missing_is_named(taker: MailTaker, missing: str) -> None:
    status, _, text = post(taker, {name: value for name, value in GOOD.items() if name != missing})
    [error] = json.loads(text)["errors"]
    assert status == 400
    assert set(error) == {"message", "field", "help"}
    assert error["field"].startswith(missing)
    assert not taker.received


@pytest.mark.parametrize(
    "broken",
    [
        b"{",
        b"[]",
        GOOD | {"personalizations": [{}]},
        GOOD | {"personalizations": ["x"]},
        GOOD | {"personalizations": [{"to": [{"email": "nobody"}]}]},
        GOOD | {"from": {"name": "x"}},
        GOOD | {"content": []},
        GOOD | {"content": [{"type": "text/plain", "value": ""}]},
    ],
)
def test_what_cannot_be_read_is_refused(taker: MailTaker, broken: object) -> None:
    assert post(taker, broken)[0] == 400
    assert not taker.received


def test_key_kind_and_size_are_looked_at(taker: MailTaker) -> None:
    status, _, text = post(taker, GOOD, key="wrong")
    assert status == 401
    assert json.loads(text)["errors"][0] == {
        "message": "The provided authorization grant is invalid, expired, or revoked",
        "field": None,
        "help": None,
    }
    assert post(taker, GOOD, kind="text/plain")[0] == 415
    assert post(taker, b"{}", length=31 * 1024 * 1024)[0] == 413
    assert post(taker, GOOD, path="/v3/other")[0] == 404


def test_the_page_of_the_demo_sees_the_newest_first(taker: MailTaker) -> None:
    post(taker, GOOD | {"custom_args": {"attempt_id": "1"}})
    post(taker, GOOD | {"subject": "Later"})
    line = http.client.HTTPConnection("127.0.0.1", taker.port, timeout=5)
    line.request("GET", "/received")
    mails = json.loads(line.getresponse().read())["received"]
    line.close()
    assert [mail["subject"] for mail in mails] == ["Later", "News"]
    assert mails[1]["to"] == "anna@example.org"
    assert mails[1]["text"] == "Sign in."
    assert mails[1]["custom_args"] == {"attempt_id": "1"}


def test_it_keeps_the_newest_thousand(taker: MailTaker) -> None:
    for _ in range(KEPT + 1):
        taker.keep(GOOD)
    assert len(taker.letters()) == KEPT


@pytest.mark.server
def test_it_runs_by_itself_and_stops_when_asked() -> None:
    command = [sys.executable, "-m", "portal.demo.mail_taker", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Mail is taken at http://127.0.0.1:")
        process.terminate()
        assert process.wait(10) == 0
