"""What `docs/security.md` promises is what the code does: numbers, ways in, connections, logs.

ASVS 2.1.3, 6.1.1, 6.1.3, 7.1.1 to 7.1.3, 13.1.1, 15.1.1, 15.1.3, 16.1.1.
"""

import ast
import importlib
import re
from datetime import timedelta
from pathlib import Path

import pytest

import config
from portal.core.sign_in import CodePurpose, FactorKind, Proof
from tests.architecture.test_bans import ASKS_OUT

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
UNITS = {"minutes": 60, "hours": 3600, "days": 86400}


def part(heading: str) -> str:
    """What stands under a heading, on one line. Fails when it is not there."""
    text = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert text, heading
    return " ".join(text.split())


def table(heading: str) -> list[list[str]]:
    """The rows of the table under a heading."""
    lines = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0].splitlines()
    rows = [line.strip().strip("|").split("|") for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows[1:]]


def is_value(place: str, told: str) -> bool:
    """Whether a place in the code holds the number that is told."""
    module, name = place.strip("`").split(":")
    value = (
        config.load({"PORTAL_ENV": "demo"})[name]
        if module == "config"
        else getattr(importlib.import_module(module), name)
    )
    if isinstance(value, str):
        return value == told
    number, _, unit = told.partition(" ")
    if isinstance(value, timedelta):
        return value == timedelta(seconds=int(number) * UNITS[unit])
    return int(value) == int(number)


@pytest.mark.parametrize(("what", "told", "place"), table("Numbers"), ids=lambda cell: cell)
def test_every_number_is_the_one_in_the_code(what: str, told: str, place: str) -> None:
    assert is_value(place, told), what


def test_another_number_would_be_noticed() -> None:
    assert len(table("Numbers")) > 20
    for _what, told, place in table("Numbers"):
        wrong = re.sub(r"\d+", lambda found: str(int(found[0]) + 1), told, count=1)
        assert not is_value(place, wrong), place


# Who opens a session, and under which words the document speaks of it.
OPENS = {
    "portal/services/sign_in.py": ("passkey", "password and code app", "password and recovery code"),
    "portal/services/identity.py": ("a municipality's own identity provider",),
}
PROOFS = {
    Proof.PASSWORD: "password",
    Proof.CODE: "code app",
    Proof.RECOVERY_CODE: "recovery code",
    Proof.PASSKEY: "passkey",
}
PURPOSES = {
    CodePurpose.INVITATION: "an invitation",
    CodePurpose.PASSWORD: "a new password",
    CodePurpose.FACTORS: "lost factors",
}


def test_every_way_in_is_described() -> None:
    callers = set()
    for path in (ROOT / "portal").rglob("*.py"):
        calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
        if any(ast.unparse(call.func).endswith("open_session") for call in calls):
            callers.add(path.relative_to(ROOT).as_posix())
    assert callers == set(OPENS)
    told = [row[0] for row in table("Signing in")]
    assert set(told) >= {way for ways in OPENS.values() for way in ways}
    text = part("Signing in")
    assert set(PROOFS) == set(Proof) and set(PURPOSES) == set(CodePurpose) and len(FactorKind) == 2
    assert [words for words in (*PROOFS.values(), *PURPOSES.values()) if words not in text] == []
    for promise in ("as many devices as she wants", "the portal's own limits", "nobody is locked out", "same cost"):
        assert promise in text.lower() or promise in text


# Who asks another machine, and the row that speaks of it. The demo's own mail taker is none of an installation.
CONNECTIONS = {
    "portal/mailer.py": "the mail provider",
    "portal/oidc.py": "a municipality's identity provider",
    "portal/breaches.py": "the breach service",
    "portal/uploads/scanner.py": "the scanner for malware",
}


def test_every_connection_is_described() -> None:
    assert {one for one in ASKS_OUT if "/demo/" not in one} == set(CONNECTIONS)
    rows = table("Connections")
    ends = [row[1] for row in rows]
    assert all(len(row) == 5 and all(row[:4]) for row in rows)
    for words in (*CONNECTIONS.values(), "PostgreSQL", "the proxy"):
        assert [end for end in ends if end.startswith(words)], words


def test_every_log_is_described() -> None:
    rows = table("Logs")
    assert all(len(row) == 5 and all(row) for row in rows)
    assert [row[0] for row in rows] == [
        "the audit trail", "the anchors", "the portal's own lines", "the proxy's log", "PostgreSQL's log",
    ]  # fmt: skip
    opened = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "portal").rglob("*.py")
        if re.search(r"FileHandler|SysLogHandler|HTTPHandler|SocketHandler|FileConfig", path.read_text())
    ]
    assert opened == []


PROMISES = {
    "Against whom": ("former partner", "an account", "curious colleague", "volunteer", "backup"),
    "What you must do": ("`portal db roles`", "root key is lost", "TLS 1.2", "`AUDIT_ANCHORS`", "Backups", "restore"),
    "Updates": ("requirements.lock", "48 hours", "7 days", "30 days"),
    "What is heavy": ("export", "hashing a password", "fifty rows"),
    "When something has happened": ("Think of her first", "72-hour", "`portal audit verify`"),
    "What is not protected": ("photograph the screen", "Spyware", "root", "replayed"),
    "Reporting a weakness": ("before you tell anybody else",),
}


@pytest.mark.parametrize("heading", PROMISES)
def test_every_promise_to_whoever_runs_it_is_there(heading: str) -> None:
    assert [words for words in PROMISES[heading] if words not in part(heading)] == []


def test_every_file_of_the_code_that_is_named_is_there() -> None:
    named = set(re.findall(r"`((?:portal|config)[\w/]*\.py)`", PAGE))
    assert len(named) >= 4
    assert [path for path in named if not (ROOT / path).is_file()] == []
