"""While people work the portal asks nobody outside, and it keeps nothing of theirs in memory.

ASVS 1.3.6, 11.7.2, 13.2.4.
"""

import gc
import secrets
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from portal.core.enums import Role
from portal.vault import Keyring
from portal.vault import keys as vault_keys
from tests.factories.people import make_case, make_member
from tests.web.test_every_door import doors

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
LOCAL = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every attempt to reach another machine; none of them comes through. The database is reached outside Python."""
    found: list[object] = []
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def watched_connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in LOCAL:
            found.append(address)
            raise OSError("no way out")
        connect(self, address)

    def watched_resolve(host: Any, *rest: Any, **named: Any) -> Any:
        if host is not None and str(host) not in LOCAL:
            found.append(host)
            raise OSError("no way out")
        return resolve(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", watched_connect)
    monkeypatch.setattr(socket, "getaddrinfo", watched_resolve)
    return found


@pytest.mark.parametrize("role", [Role.CONTACT_PERSON, Role.ADMINISTRATOR])
def test_no_page_and_no_form_reaches_another_machine(
    app: Flask, as_user: AsUser, tried: list[object], role: Role
) -> None:
    browser = as_user(make_member(role))
    addresses = {"url": "https://evil.example/", "address": "http://169.254.169.254/", "text": "//evil.example/x"}
    for _rule, method, url in doors(app):
        if method == "GET":
            browser.get(url, query_string={"next": "https://evil.example/"})
        else:
            browser.post(url, data=addresses | {"email": "a@evil.example", "name": "https://evil.example/"})
    assert tried == []


def test_the_watch_sees_what_it_is_there_for(tried: list[object]) -> None:
    with pytest.raises(OSError, match="no way out"):
        socket.create_connection(("evil.example", 443), timeout=1)
    assert tried == ["evil.example"]


def texts(one: object) -> Iterator[str]:
    """The texts that a thing holds, also in small tuples and dictionaries that the collector does not follow."""
    for value in gc.get_referents(one):
        if type(value) is str:
            yield value
        elif type(value) in (tuple, dict) and not gc.is_tracked(value):
            yield from texts(value)


def holders(wanted: str) -> list[str]:
    """The kinds of what still holds a text, or a longer one that it is part of, somewhere in this process."""
    gc.collect()
    return [type(one).__name__ for one in gc.get_objects() if any(wanted in text for text in texts(one))]


def test_what_is_kept_somewhere_is_found() -> None:
    word = secrets.token_hex(12)
    kept: list[dict[str, tuple[str, ...]]] = [{"name": (f"Amira {word}",)}]
    assert "list" in holders(word)
    kept.clear()
    assert "list" not in holders(word)


def test_after_a_request_nothing_of_hers_is_kept_in_memory(as_user: AsUser) -> None:
    # Letters alone: a name with digits may look like a telephone number.
    word = "".join(secrets.choice("bdfghklmnprstv") for _letter in range(24))
    member = make_member()
    case = make_case(member, name=f"Amira {word}")
    public_id, browser = case.public_id, as_user(member)
    del case
    page = f"/cases/{public_id}"
    assert browser.post(f"{page}/notes", data={"text": f"Vi talte om {word}"}).status_code == 303
    for path in (page, f"{page}/notes", f"{page}/identity", "/day", "/cases"):
        browser.get(path)
    # One look more, at nobody: what a request leaves behind is gone when the next one has been answered.
    browser.get("/help")
    assert word in browser.get(page).text
    browser.get("/help")
    # This very function knows the word; whatever else does is a cache that nobody has thought of.
    assert [kind for kind in holders(word) if kind not in ("frame", "cell")] == []


def test_opened_keys_are_kept_for_a_bounded_number_of_houses_and_for_no_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_keys, "REMEMBERED", 5)
    ring = Keyring.from_roots({1: secrets.token_bytes(32)})
    for organisation in range(40):
        key = ring.new_data_key(ring.new_organisation_key(organisation))
        ring.unwrap(key)
        assert len(ring._organisation_secrets) <= 5
    kept = {type(one).__name__ for one in ring._organisation_secrets}
    assert kept == {"OrganisationKey"}
