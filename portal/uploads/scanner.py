"""Whether a file holds malware: a look for the test sign that every scanner knows, then the scanner of the house.

`MALWARE_SCANNER` names clamd: `unix:/run/clamav/clamd.ctl` or `tcp:host:port`. Without it the first look is all. While
a scanner that is named does not answer, what comes in waits, and nobody opens it (R-685).
"""

import socket
import struct
from enum import StrEnum

TIMEOUT_SECONDS = 8.0
CHUNK = 64 * 1024
MOST_ANSWER = 4096
# Put together here, so that a scanner does not take this file for what it looks for.
TEST_SIGN = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!"
_address: list[str] = []


class Verdict(StrEnum):
    """What a look at a file says."""

    CLEAN = "clean"
    FOUND = "found"
    # The scanner did not answer.
    UNKNOWN = "unknown"


def configure(address: str) -> None:
    """Name the scanner; an empty address leaves the first look alone. Raises ValueError for one that is none."""
    if address and not address.startswith(("unix:/", "tcp:")):
        raise ValueError("MALWARE_SCANNER reads unix:/path or tcp:host:port")
    _address[:] = [address] if address else []


def look(content: bytes) -> Verdict:
    """Look through a file."""
    if TEST_SIGN in content:
        return Verdict.FOUND
    return _ask(_address[0], content) if _address else Verdict.CLEAN


def _ask(address: str, content: bytes) -> Verdict:
    try:
        with _line(address) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                part = content[start : start + CHUNK]
                line.sendall(struct.pack(">I", len(part)) + part)
            line.sendall(struct.pack(">I", 0))
            answer = _read(line)
    except (OSError, ValueError):
        return Verdict.UNKNOWN
    if answer.endswith(b"FOUND"):
        return Verdict.FOUND
    return Verdict.CLEAN if answer.endswith(b"OK") else Verdict.UNKNOWN


def _line(address: str) -> socket.socket:
    kind, _mark, where = address.partition(":")
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(TIMEOUT_SECONDS)
        line.connect(where)
        return line
    host, _mark, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)


def _read(line: socket.socket) -> bytes:
    answer = b""
    while len(answer) < MOST_ANSWER and not answer.endswith(b"\0"):
        part = line.recv(MOST_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n")
