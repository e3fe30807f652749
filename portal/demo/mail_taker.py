"""Takes SendGrid's place in the demo and in tests: a real HTTP server that answers `POST /v3/mail/send` as it does.

`python -m portal.demo.mail_taker --port 8025` starts one. Mails stay in memory; `GET /received` shows them as JSON.
"""

import argparse
import json
import os
import secrets
import signal
import socket
import struct
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, cast

from portal.demo.sendgrid_rules import Refusal, check

SEND = "/v3/mail/send"
LARGEST = 30 * 1024 * 1024
KEPT = 1000
DEMO_KEY = "demo-key"
# Long enough for any client that has a timeout at all.
HANG_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the next call meets instead of the ordinary answer."""

    status: int = HTTPStatus.ACCEPTED
    headers: Mapping[str, str] = field(default_factory=dict)
    # Seconds before anything is said.
    wait: float = 0.0
    # Cut the line instead of answering.
    is_cut: bool = False
    # Whether the mail counts as taken on; by itself only a 202 does.
    is_kept: bool | None = None
    # Seconds between two letters of the answer.
    drip: float = 0.0

    @classmethod
    def too_many(cls, headers: Mapping[str, str] | None = None) -> Self:
        """429, with or without a header that names the wait."""
        return cls(HTTPStatus.TOO_MANY_REQUESTS, headers or {})

    @classmethod
    def broken(cls, status: int = 500) -> Self:
        """A failure on their side."""
        return cls(status)

    @classmethod
    def hang(cls, *, is_kept: bool = False) -> Self:
        """No answer at all; the mail may have been taken on all the same."""
        return cls(wait=HANG_SECONDS, is_cut=True, is_kept=is_kept)

    @classmethod
    def reset(cls) -> Self:
        """The line is cut before the mail is taken on."""
        return cls(is_cut=True, is_kept=False)

    @classmethod
    def accept_then_reset(cls) -> Self:
        """The mail is taken on, and the line is cut before we hear of it."""
        return cls(is_cut=True, is_kept=True)

    @classmethod
    def slow(cls, seconds: float) -> Self:
        """An ordinary yes, late."""
        return cls(wait=seconds)

    @classmethod
    def slow_drip(cls, seconds: float) -> Self:
        """An ordinary yes, letter by letter."""
        return cls(drip=seconds)

    @classmethod
    def redirect(cls, where: str) -> Self:
        """Somewhere else, says the answer."""
        return cls(HTTPStatus.TEMPORARY_REDIRECT, {"Location": where})


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that was taken on."""

    message_id: str
    at: datetime
    body: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """What the demo's page shows."""
        texts = {part["type"]: part["value"] for part in self.body["content"]}
        return {
            "message_id": self.message_id,
            "at": self.at.isoformat(),
            "to": self.body["personalizations"][0]["to"][0]["email"],
            "from": self.body["from"].get("email"),
            "subject": self.body.get("subject", ""),
            "text": texts.get("text/plain", ""),
            "html": texts.get("text/html", ""),
            "categories": self.body.get("categories", []),
            "custom_args": self.body.get("custom_args", {}) or self.body["personalizations"][0].get("custom_args", {}),
        }


class Server(ThreadingHTTPServer):
    """One thread per call; `taker` holds what came in."""

    daemon_threads = True
    block_on_close = False
    taker: "MailTaker"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is nothing to write about."""


class MailTaker:
    """The server and what it has received. Use it as a context: `with MailTaker() as taker: … taker.host`."""

    def __init__(self, port: int = 0, *, api_key: str = DEMO_KEY) -> None:
        self.api_key = api_key
        self.next_answers: deque[Answer] = deque()
        self.received: deque[Received] = deque(maxlen=KEPT)
        self.calls = 0
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.taker = self
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.server_address[1])

    @property
    def host(self) -> str:
        """The address to use as SENDGRID_HOST."""
        return f"http://127.0.0.1:{self.port}"

    def serve(self) -> None:
        """Answer calls until `stop`."""
        self.server.serve_forever(poll_interval=0.05)

    def start(self) -> None:
        """Answer calls in a thread of its own."""
        self._thread = threading.Thread(target=self.serve, name="mail-taker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End what hangs, close the door."""
        self.stopping.set()
        if self._thread is not None:
            self.server.shutdown()
            self._thread.join()
        self.server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop()

    def next_answer(self) -> Answer:
        """What this call meets."""
        with self.lock:
            self.calls += 1
            return self.next_answers.popleft() if self.next_answers else Answer()

    def keep(self, body: dict[str, Any]) -> str:
        """Take a mail on and return its id."""
        mail = Received(secrets.token_urlsafe(16), datetime.now(UTC), body)
        with self.lock:
            self.received.append(mail)
        return mail.message_id

    def letters(self) -> list[dict[str, Any]]:
        """What was taken on, newest first."""
        with self.lock:
            return [mail.as_json() for mail in reversed(self.received)]


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""

    @property
    def taker(self) -> MailTaker:
        """Whose connection this is."""
        return cast(Server, self.server).taker

    def do_GET(self) -> None:
        """Show what was received, to the demo's page."""
        if self.path == "/received":
            self._answer(HTTPStatus.OK, json.dumps({"received": self.taker.letters()}, ensure_ascii=False).encode())
        else:
            self._answer(HTTPStatus.NOT_FOUND, b'{"errors":[{"message":"not found","field":null,"help":null}]}')

    def do_POST(self) -> None:
        """Take a mail, or answer as the script says."""
        if self.path != SEND:
            self.do_GET()
            return
        answer = self.taker.next_answer()
        try:
            body = self._read()
        except Refusal as refusal:
            self.close_connection = True
            self._answer(refusal.status, json.dumps({"errors": refusal.errors}).encode())
            return
        is_sandbox = body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable") is True
        is_kept = answer.status == HTTPStatus.ACCEPTED if answer.is_kept is None else answer.is_kept
        message_id = self.taker.keep(body) if is_kept and not is_sandbox else ""
        if answer.wait:
            self.taker.stopping.wait(answer.wait)
        if answer.is_cut:
            self._cut()
        elif answer.status == HTTPStatus.ACCEPTED:
            status = HTTPStatus.OK if is_sandbox else HTTPStatus.ACCEPTED
            self._answer(status, b"", {"X-Message-Id": message_id} if message_id else {}, drip=answer.drip)
        else:
            text = HTTPStatus(answer.status).phrase.lower()
            errors = [{"message": text, "field": None, "help": None}]
            self._answer(answer.status, json.dumps({"errors": errors}).encode(), answer.headers)

    def _read(self) -> dict[str, Any]:
        """The mail of this call. Raises Refusal for what SendGrid refuses."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            raise Refusal(413, "The total message size should not exceed 30MB")
        raw = self.rfile.read(length)
        if self.headers.get("Authorization") != f"Bearer {self.taker.api_key}":
            raise Refusal(401, "The provided authorization grant is invalid, expired, or revoked")
        if self.headers.get_content_type() != "application/json":
            raise Refusal(415, "Content-Type should be application/json.")
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refusal(400, "Bad Request")
        check(body)
        return body

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None, *, drip: float = 0.0) -> None:
        lines = [f"HTTP/1.1 {int(status)} {HTTPStatus(status).phrase}", f"Date: {self.date_time_string()}"]
        named = {"Server": "nginx", "Content-Length": str(len(body))} | dict(headers or {})
        if body:
            named["Content-Type"] = "application/json"
        if self.close_connection:
            named["Connection"] = "close"
        lines += [f"{name}: {value}" for name, value in named.items()]
        whole = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        for part in [whole] if not drip else [whole[at : at + 1] for at in range(len(whole))]:
            self.wfile.write(part)
            if drip and self.taker.stopping.wait(drip):
                return

    def _cut(self) -> None:
        """Close the line so that the other side gets a reset, not an end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing: addresses stay out of logs here too."""


def main() -> None:
    """Run one mail taker until it is asked to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("MAIL_TAKER_PORT", "8025")))
    parser.add_argument("--key", default=os.environ.get("SENDGRID_API_KEY", DEMO_KEY))
    arguments = parser.parse_args()
    taker = MailTaker(arguments.port, api_key=arguments.key)
    finished = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: finished.set())
    taker.start()
    print(f"Mail is taken at {taker.host}", flush=True)
    finished.wait()
    taker.stop()


if __name__ == "__main__":
    main()
