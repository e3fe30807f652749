"""What comes in is decoded once, before it is looked at (ASVS 1.1.1)."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from portal.db import db
from portal.models.clients import Client
from tests.factories.people import make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def coded(text: str, *, times: int) -> str:
    """Every sign as %xx, once or more often."""
    once = "".join(f"%{byte:02x}" for byte in text.encode())
    return once if times == 1 else once.replace("%", "%25")


def test_an_address_that_was_coded_twice_leads_nowhere(as_user: AsUser) -> None:
    member = make_member()
    case, browser = make_case(member), as_user(member)
    assert browser.get(f"/cases/{coded(case.public_id, times=1)}").status_code == 200
    for path in (
        f"/cases/{coded(case.public_id, times=2)}",
        f"/cases/{case.public_id}%252f",
        f"/cases/%2e%2e%2fcases%2f{case.public_id}",
    ):
        assert browser.get(path).status_code == 404, path


def test_a_text_is_stored_as_it_was_meant_and_never_decoded_again(as_user: AsUser) -> None:
    member = make_member()
    case, browser = make_case(member, name="Amira Hassan"), as_user(member)
    page = f"/cases/{case.public_id}/identity"
    parted = unicodedata.normalize("NFD", "Åse Ærø")
    assert browser.post(page, data=browser.hidden(page, page) | {"name": parted}).status_code == 303
    assert db.session.get_one(Client, case.client_id).name == "Åse Ærø"
    note = "100 %25 &lt;b&gt; \\u0041 %3Cb%3E"
    page = f"/cases/{case.public_id}"
    assert browser.post(f"{page}/notes", data={"text": note}).status_code in (200, 303)
    assert "100 %25 &amp;lt;b&amp;gt; \\u0041 %3Cb%3E" in browser.get(page).text
