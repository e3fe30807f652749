"""The second way out, over a real connection; and the two that send nothing."""

import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest

from portal.mailer import (
    ConsoleMailer,
    MailSettingsError,
    MemoryMailer,
    OutgoingLetter,
    Permanent,
    SmtpMailer,
    Temporary,
    Unknown,
    build,
)

LETTER = OutgoingLetter("anna@example.org", "Der er nyt", "Log ind på portalen.", "<p>Log ind.</p>", "attempt-1")


class Conversation(socketserver.StreamRequestHandler):
    """Answers as a mail server does; what `server.answers` names is answered otherwise, empty cuts the line."""

    def handle(self) -> None:
        answers: dict[str, str] = self.server.answers  # type: ignore[attr-defined]
        self.say(answers.get("CONNECT", "220 ready"))
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            self.server.heard.append(line)  # type: ignore[attr-defined]
            if answers.get(verb) == "":
                return
            self.say(answers.get(verb, {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok")))
            if verb == "QUIT":
                return
            if verb == "DATA" and "DATA" not in answers and not self.take(answers):
                return

    def take(self, answers: dict[str, str]) -> bool:
        text = b""
        while (line := self.rfile.readline()).strip() != b".":
            text += line
        self.server.letters.append(text.decode())  # type: ignore[attr-defined]
        answer = answers.get("TEXT", "250 taken")
        if answer:
            self.say(answer)
        return bool(answer)

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers: dict[str, str] = {}
        self.heard: list[str] = []
        self.letters: list[str] = []


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def mailer(server: MailServer, *, use_tls: bool = False) -> SmtpMailer:
    return SmtpMailer("127.0.0.1", server.server_address[1], "portal@bro.example", use_tls=use_tls, timeout=2)


def test_a_letter_goes_to_one_receiver_under_its_attempt(server: MailServer) -> None:
    accepted = mailer(server).send(LETTER)
    assert accepted.message_id == "<attempt-1@bro.example>"
    [text] = server.letters
    assert "From: Portal <portal@bro.example>" in text
    assert "To: anna@example.org" in text
    assert "Message-ID: <attempt-1@bro.example>" in text
    assert [line for line in server.heard if line.upper().startswith("RCPT")] == ["rcpt TO:<anna@example.org>"]


@pytest.mark.parametrize(
    ("answers", "problem", "reason"),
    [
        ({"CONNECT": "421 busy"}, Temporary, "smtp_421"),
        ({"MAIL": "451 later"}, Temporary, "smtp_451"),
        ({"RCPT": "450 full"}, Temporary, "smtp_450"),
        ({"RCPT": "550 unknown"}, Permanent, "smtp_550"),
        ({"DATA": "554 no"}, Permanent, "smtp_554"),
        ({"TEXT": "452 no room"}, Temporary, "smtp_452"),
        ({"TEXT": ""}, Unknown, "smtp_SMTPServerDisconnected"),
        ({"EHLO": "", "HELO": ""}, Temporary, "smtp_SMTPServerDisconnected"),
    ],
)
def test_every_answer_is_sorted(
    server: MailServer, answers: dict[str, str], problem: type[Exception], reason: str
) -> None:
    server.answers = answers
    with pytest.raises(problem) as found:
        SmtpMailer("127.0.0.1", server.server_address[1], "portal@bro.example", user="", use_tls=False).send(LETTER)
    assert found.value.reason == reason  # type: ignore[attr-defined]


def test_a_farewell_that_goes_wrong_does_not_undo_the_yes(server: MailServer) -> None:
    server.answers = {"QUIT": "500 what?"}
    assert mailer(server).send(LETTER).message_id
    assert len(server.letters) == 1


def test_no_letter_goes_over_an_open_line_when_a_closed_one_is_asked_for(server: MailServer) -> None:
    with pytest.raises(Permanent) as problem:
        mailer(server, use_tls=True).send(LETTER)
    assert problem.value.reason == "smtp_not_supported"
    assert server.letters == []


def test_a_server_without_sign_in_refuses_a_user(server: MailServer) -> None:
    one = SmtpMailer("127.0.0.1", server.server_address[1], "portal@bro.example", "user", "word", use_tls=False)
    with pytest.raises(Permanent):
        one.send(LETTER)


def test_nobody_there_is_for_later() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Temporary):
        SmtpMailer("127.0.0.1", port, "portal@bro.example").send(LETTER)


def test_the_console_shows_the_letter() -> None:
    lines: list[str] = []
    assert ConsoleMailer(lines.append).send(LETTER).message_id == "attempt-1"
    assert "Log ind på portalen." in lines[0]


def test_settings_choose_the_mailer() -> None:
    smtp = {"SMTP_HOST": "mail.example", "SMTP_PORT": 587, "SMTP_USER": "u", "SMTP_PASSWORD": "p", "SMTP_TLS": True}
    assert build({"MAIL_BACKEND": "smtp", "MAIL_FROM": "a@b.example"} | smtp) == SmtpMailer(
        "mail.example", 587, "a@b.example", "u", "p", True
    )
    assert isinstance(build({"MAIL_BACKEND": "console"}), ConsoleMailer)
    assert isinstance(build({"MAIL_BACKEND": "memory"}), MemoryMailer)
    with pytest.raises(MailSettingsError):
        build({"MAIL_BACKEND": "pigeon"})
