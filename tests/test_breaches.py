"""The service for known passwords: it learns five signs, its silence holds nobody up."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal import breaches

KNOWN = "tre blå fisk i en spand"
DIGEST = hashlib.sha1(KNOWN.encode()).hexdigest().upper()
PADDED = hashlib.sha1(b"only padding").hexdigest().upper()


class Service(ThreadingHTTPServer):
    asked: list[str]
    status = 200
    is_silent = False


class Answer(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.server.is_silent:
            threading.Event().wait(1)
            return
        lines = f"{'0' * 35}:3\r\n{DIGEST[5:]}:17\r\n{PADDED[5:]}:0\r\nnonsense".encode()
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(lines)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service(("127.0.0.1", 0), Answer)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    breaches.configure(f"http://127.0.0.1:{server.server_port}/range/")
    yield server
    breaches.configure("")
    server.shutdown()
    server.server_close()


def test_it_is_told_five_signs_and_never_the_password(service: Service) -> None:
    assert breaches.is_known(KNOWN)
    assert service.asked == [f"/range/{DIGEST[:5]}"]


def test_what_is_not_in_the_answer_or_only_pads_it_is_not_known(service: Service) -> None:
    assert not breaches.is_known("another password")
    assert not breaches.is_known("only padding")


def test_a_service_that_fails_or_is_silent_refuses_nothing(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaches, "TIMEOUT_SECONDS", 0.1)
    service.status = 500
    assert not breaches.is_known(KNOWN)
    service.status, service.is_silent = 200, True
    assert not breaches.is_known(KNOWN)


def test_without_a_setting_nobody_is_asked(service: Service) -> None:
    breaches.configure("")
    assert not breaches.is_known(KNOWN)
    assert service.asked == []
