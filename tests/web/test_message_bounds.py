"""The server that the README names reads the end of a message in one way only (ASVS 4.2.1)."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask

from tests.support.told import TEST_KEY

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
HEAD = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HIDDEN = "GET /help HTTP/1.1\r\nHost: localhost\r\n\r\n"
LAST = HIDDEN.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
AMBIGUOUS = {
    "two lengths": f"Content-Length: 5\r\nContent-Length: 6\r\n\r\na=b&c=d{HIDDEN}",
    "two lengths in one": f"Content-Length: 5, 6\r\n\r\na=b&c=d{HIDDEN}",
    "a length with a sign": f"Content-Length: +5\r\n\r\na=b&c{HIDDEN}",
    "a length that is none": f"Content-Length: 0x5\r\n\r\na=b&c{HIDDEN}",
    "an unknown coding": f"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{HIDDEN}",
    "chunked twice": f"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n{HIDDEN}",
    "a blank before the colon": f"Content-Length : 5\r\n\r\na=b&c{HIDDEN}",
    "a folded line": f"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n{HIDDEN}",
    "a chunk of no length": f"Transfer-Encoding: chunked\r\n\r\nzz\r\na=b\r\n0\r\n\r\n{HIDDEN}",
}


@pytest.fixture(scope="module")
def port(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The portal as it runs for real, under its server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")} | {
        "PORTAL_ENV": "test",
        "BRO_KEYS": TEST_KEY,
        "SECRET_KEY": "test" * 10,
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""),
        "PORTAL_VAR": str(tmp_path_factory.mktemp("var")),
    }
    words = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{free}", "--threads", "2", "portal:create_app()"]
    with subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(free)
            yield free
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(OSError):
            if answers(port, LAST) == [200]:
                return
        time.sleep(0.2)
    pytest.fail("the server did not start")


def answers(port: int, message: str) -> list[int]:
    """The status of every answer that comes before the line is closed or silent."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(message.encode())
        line.settimeout(3)
        try:
            while part := line.recv(65536):
                heard += part
        except (TimeoutError, ConnectionResetError):
            pass
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3}) ", heard)]


def test_an_ordinary_message_is_answered(port: int) -> None:
    assert answers(port, LAST) == [200]


def test_the_next_message_on_the_line_is_answered_where_the_first_has_one_end(port: int) -> None:
    assert answers(port, f"{HEAD}Content-Length: 5\r\n\r\na=b&c{LAST}") == [400, 200]
    assert answers(port, f"{HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\na=b&c\r\n0\r\n\r\n{LAST}") == [400, 200]


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_a_message_that_could_end_in_two_places_is_refused(port: int, name: str) -> None:
    assert answers(port, HEAD + AMBIGUOUS[name]) in ([400], [501])


@pytest.mark.parametrize("length", [4, 5, 200])
def test_a_second_request_hidden_in_a_body_is_not_answered(port: int, length: int) -> None:
    """With both a length and chunks the chunks count or nothing does, and the line is closed afterwards."""
    both = f"Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}"
    codes = answers(port, HEAD + both)
    assert codes in ([400], [422])
