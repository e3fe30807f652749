"""What the mailer makes of every answer a provider can give, over a real connection."""

import logging
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from portal.demo.mail_taker import Answer, MailTaker
from portal.mailer import (
    EU_HOST,
    MailSettingsError,
    OutgoingLetter,
    Permanent,
    SendGridMailer,
    Temporary,
    Unknown,
    build,
)

LETTER = OutgoingLetter("anna@example.org", "Der er nyt", "Log ind.", "<p>Log ind.</p>", "attempt-1", ("news",))


def test_a_letter_is_taken_on_with_its_attempt_and_without_tracking(taker: MailTaker, mailer: SendGridMailer) -> None:
    accepted = mailer.send(LETTER)
    [mail] = taker.received
    assert accepted.message_id == mail.message_id
    assert mail.body["custom_args"] == {"attempt_id": "attempt-1"}
    assert mail.body["tracking_settings"] == {
        "click_tracking": {"enable": False, "enable_text": False},
        "open_tracking": {"enable": False},
        "subscription_tracking": {"enable": False},
    }


def test_one_letter_has_one_receiver_and_a_neutral_sender(taker: MailTaker, mailer: SendGridMailer) -> None:
    mailer.send(LETTER)
    body = taker.received[0].body
    assert body["personalizations"] == [{"to": [{"email": "anna@example.org"}]}]
    assert body["from"] == {"email": "portal@bro.example", "name": "Portal"}
    assert [part["type"] for part in body["content"]] == ["text/plain", "text/html"]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_failure_on_their_side_is_for_later(taker: MailTaker, mailer: SendGridMailer, status: int) -> None:
    taker.next_answers.append(Answer.broken(status))
    with pytest.raises(Temporary) as problem:
        mailer.send(LETTER)
    assert problem.value.reason == f"http_{status}"
    assert problem.value.retry_after is None
    assert not taker.received


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_a_no_stays_a_no(taker: MailTaker, mailer: SendGridMailer, status: int) -> None:
    taker.next_answers.append(Answer.broken(status))
    with pytest.raises(Permanent) as problem:
        mailer.send(LETTER)
    assert problem.value.reason == f"http_{status}"


def test_the_wait_that_an_answer_names_is_kept(taker: MailTaker, mailer: SendGridMailer) -> None:
    later = datetime.now(UTC) + timedelta(seconds=300)
    taker.next_answers += [
        Answer.too_many({"Retry-After": "90"}),
        Answer.too_many({"Retry-After": format_datetime(later, usegmt=True)}),
        Answer.too_many({"X-RateLimit-Reset": str(int(later.timestamp()))}),
        Answer.too_many({"Retry-After": "999999"}),
        Answer.too_many({"Retry-After": "soon"}),
    ]
    waits = []
    for _ in range(5):
        with pytest.raises(Temporary) as problem:
            mailer.send(LETTER)
        waits.append(problem.value.retry_after)
    assert waits[0] == timedelta(seconds=90)
    for wait in waits[1:3]:
        assert wait is not None
        assert timedelta(seconds=290) < wait <= timedelta(seconds=300)
    assert waits[3:] == [timedelta(hours=1), None]


@pytest.mark.parametrize(
    "answer",
    [Answer.hang(), Answer.hang(is_kept=True), Answer.reset(), Answer.accept_then_reset()],
    ids=["hang", "kept-then-hang", "reset", "kept-then-reset"],
)
def test_silence_after_the_letter_has_gone_is_unknown(taker: MailTaker, mailer: SendGridMailer, answer: Answer) -> None:
    taker.next_answers.append(answer)
    with pytest.raises(Unknown):
        mailer.send(LETTER)
    assert len(taker.received) == bool(answer.is_kept)


def test_a_late_yes_is_a_yes(taker: MailTaker, mailer: SendGridMailer) -> None:
    taker.next_answers += [Answer.slow(0.1), Answer.slow_drip(0.001)]
    assert [mailer.send(LETTER).message_id, mailer.send(LETTER).message_id] == [m.message_id for m in taker.received]


def test_nobody_there_is_for_later() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mailer = SendGridMailer("key", "portal@bro.example", host=f"http://127.0.0.1:{port}")
    with pytest.raises(Temporary) as problem:
        mailer.send(LETTER)
    assert problem.value.reason == "unreachable_ConnectionRefusedError"


def test_a_redirect_is_not_followed(taker: MailTaker, mailer: SendGridMailer) -> None:
    with MailTaker() as elsewhere:
        taker.next_answers.append(Answer.redirect(f"{elsewhere.host}/v3/mail/send"))
        with pytest.raises(Permanent):
            mailer.send(LETTER)
        assert elsewhere.calls == 0


def test_a_wrong_key_is_a_no(taker: MailTaker) -> None:
    with pytest.raises(Permanent) as problem:
        SendGridMailer("another", "portal@bro.example", host=taker.host).send(LETTER)
    assert problem.value.reason == "http_401"


def test_it_is_not_built_without_a_key_or_for_an_open_line() -> None:
    with pytest.raises(MailSettingsError):
        SendGridMailer("", "portal@bro.example")
    with pytest.raises(MailSettingsError):
        SendGridMailer("key", "portal@bro.example", host="http://mail.example.org")
    with pytest.raises(MailSettingsError):
        build({"MAIL_BACKEND": "sendgrid", "SENDGRID_API_KEY": "", "MAIL_FROM": "portal@bro.example"})


def test_the_european_host_and_the_timeout_are_in_place() -> None:
    mailer = build({"MAIL_BACKEND": "sendgrid", "SENDGRID_API_KEY": "key", "SENDGRID_HOST": "", "MAIL_FROM": "a@b.c"})
    assert isinstance(mailer, SendGridMailer)
    call = mailer._client.client.mail.send
    assert (call.host, call.timeout) == (EU_HOST, 10.0)


def test_neither_key_nor_text_nor_address_reaches_a_log(
    taker: MailTaker, mailer: SendGridMailer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        mailer.send(LETTER)
        taker.next_answers.append(Answer.broken())
        with pytest.raises(Temporary) as problem:
            mailer.send(LETTER)
    said = caplog.text + repr(problem.value)
    assert not any(word in said for word in ("demo-key", "anna@example.org", "Log ind"))
