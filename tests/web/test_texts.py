"""Free text is looked through: refused where others read it, asked about where the team alone does."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from selectolax.lexbor import LexborHTMLParser

from portal.core.clock import utc_now
from portal.db import db
from portal.models.cases import Note
from portal.models.clients import Client
from portal.services import cases
from tests.factories.people import actor_of, make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
FOUND = [
    "Hun bor nu på Nørregade 12, 2. tv.",
    "Ring på 20 30 40 50",
    "Hendes nummer er 010180-1234",
    "Hans børnehave hedder Solstrålens Børnehave",
]


def notes() -> list[str | None]:
    return list(db.session.scalars(sa.select(Note.text)))


@pytest.mark.parametrize("text", FOUND)
def test_a_note_that_tells_where_or_who_is_asked_about_and_then_saved_as_she_decides(
    as_user: AsUser, text: str
) -> None:
    member = make_member()
    browser, page = as_user(member), f"/cases/{make_case(member).public_id}/notes"
    asked = browser.post(page, data={"text": text})
    assert asked.status_code == 422
    assert 'name="text-keep"' in asked.text
    assert text in asked.text
    assert notes() == []
    assert browser.post(page, data={"text": text, "text-keep": "y"}).status_code == 303
    assert notes() == [text]


def test_everything_that_was_found_is_shown_before_anybody_says_whose_it_is(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    text = "Mødtes på Vestergade 12, 8000 Aarhus C. Hendes søster har nummer 20 30 40 50."
    answer = as_user(member).post(f"/cases/{case.public_id}/notes", data={"text": text})
    assert answer.status_code == 422
    found = [" ".join(one.text().split()) for one in LexborHTMLParser(answer.text).css(".form-group .rows li")]
    assert found == ["Adresse: Vestergade 12, 8000 Aarhus C", "Telefon: 20 30 40 50"]
    assert db.session.scalar(sa.select(Client.phone).where(Client.id == case.client_id)) is None


def test_one_press_moves_an_address_and_a_number_out_of_a_note(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    text = "Hun er flyttet til Nørregade 12, 2. tv. og har nyt nummer 20 30 40 50."
    answer = as_user(member).post(f"/cases/{case.public_id}/notes", data={"text": text, "move": "y"})
    assert answer.status_code == 303
    address, phone = db.session.execute(
        sa.select(Client.address, Client.phone).where(Client.id == case.client_id)
    ).one()
    assert (address or "").startswith("Nørregade 12")
    assert phone == "+4520304050"
    (saved,) = notes()
    assert saved is not None
    assert "Nørregade" not in saved and "20 30" not in saved


@pytest.mark.parametrize(("level", "kept"), [(2, None), (0, "Engvej 1, 8000 Aarhus C")])
def test_an_address_that_has_no_place_to_go_to_stays_with_who_wrote_it(
    as_user: AsUser, level: int, kept: str | None
) -> None:
    member = make_member()
    case = make_case(member)
    cases.set_address(case, protection_level=level, address=kept, actor=actor_of(member), now=utc_now())
    answer = as_user(member).post(f"/cases/{case.public_id}/notes", data={"text": FOUND[0], "move": "y"})
    assert answer.status_code == 422
    assert FOUND[0] in answer.text
    assert re.search(r"den(ne)? ud\.", answer.text)
    assert notes() == []
    assert db.session.scalar(sa.select(Client.address).where(Client.id == case.client_id)) == kept


def test_a_reason_that_others_read_is_refused_with_an_address_in_it(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    cases.set_address(case, protection_level=1, address="Hemmeligvej 1", actor=actor_of(member), now=utc_now())
    page = f"/cases/{case.public_id}/address/reveal"
    refused = as_user(member).post(page, data={"reason": FOUND[0], "reason-keep": "y"})
    assert refused.status_code == 422
    assert "Hemmeligvej" not in refused.text


@pytest.mark.parametrize(
    "text", ["Vi talte om sag 2026-0431 den 12.10.2026 kl. 14.30", "Hun fik 1.200 kr. til en seng"]
)
def test_ordinary_notes_are_left_alone(as_user: AsUser, text: str) -> None:
    member = make_member()
    answer = as_user(member).post(f"/cases/{make_case(member).public_id}/notes", data={"text": text})
    assert answer.status_code == 303
