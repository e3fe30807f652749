"""What a handover says of itself, of a child and of her language; and the way back from a consent that was missing."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind
from portal.core.rights import ConsentScope
from portal.models.cases import Case
from portal.models.children import Child
from portal.web.handover_words import in_own_words
from tests.blueprints.documents.test_handover import agree, begin, fetch, here, make
from tests.factories.people import make_case, make_member, make_organisation
from tests.support.pdf import text_of

Browser = Callable[..., Any]
TODAY = local_date(utc_now())


def make_scene(session: Any) -> tuple[Any, Case, Any]:
    """A worker, a case with a child, and an organisation that may receive something of it."""
    member = make_member()
    case = make_case(member, name="Amira Karim")
    session.add(Child(client_id=case.client_id, name="Sara Karim", birth_year=2019))
    session.flush()
    return member, case, make_organisation(OrganisationKind.MUNICIPALITY, name="Kommunen")


def test_the_file_says_on_what_ground_a_child_once_and_her_language_in_its_own(as_user: Browser, session: Any) -> None:
    member, case, receiver = make_scene(session)
    case.client.language = "Tysk"
    session.add(Child(client_id=case.client_id, name=None, birth_year=2011))
    session.flush()
    agree(case, receiver, member)
    browser = as_user(member)
    begin(browser, case, receiver, "who", "children", language="en")
    make(browser, case)
    file = fetch(browser, session, case)
    text = text_of(file)
    assert "On the ground of" in text and "Sent by" not in text
    assert "German" in text and "Tysk" not in text
    assert text.count("2011") == 1 and "Child born 2011" in text and "Sara Karim, born 2019" in text
    shown = browser.get(f"/documents/{case.public_id}").get_data(as_text=True)
    assert "Lavet til Kommunen på grundlag af: Hendes samtykke" in shown and "Sendt til Kommunen" not in shown


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("en", "tysk", "German"),
        ("en", "German", "German"),
        ("en", "farsi", "Persian"),
        ("en", "arabisk og lidt dansk", "arabisk og lidt dansk"),
        ("da", "Arabic", "arabisk"),
        ("da", "Tysk", "Tysk"),
        ("da", None, ""),
    ],
)
def test_a_language_is_named_in_that_of_the_document(app: Flask, language: str, written: str | None, said: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert in_own_words(written) == said


def is_chosen(page: str, value: str) -> bool:
    """Whether a box or a line of a list is chosen."""
    tags = [tag for tag in re.findall(r"<(?:input|option)[^>]*>", page) if f'value="{value}"' in tag]
    return any("checked" in tag or "selected" in tag for tag in tags)


def test_from_a_missing_consent_there_is_a_way_back(as_user: Browser, session: Any) -> None:
    """R-855: the purpose, the receiver and the points are there; then she goes on with what she had chosen."""
    member, case, receiver = make_scene(session)
    browser = as_user(member)
    refused = begin(browser, case, receiver, "who", "children").get_data(as_text=True)
    asked = unescape(next(iter(re.findall(r'href="(/cases/[^"]*/consents[^"]*)"', refused))))
    page = browser.get(asked).get_data(as_text=True)
    assert is_chosen(page, "referral") and not is_chosen(page, "follow_up")
    assert "Tilbage til overleveringen" in page
    sent = {"form": "oral", "given_on": f"{TODAY:%d.%m.%Y}", "months": "6", "purpose": "referral"}
    scope = [one.value for one in ConsentScope]
    consent = f"/cases/{case.public_id}/consents?handover=who,children"
    answer = browser.submit(asked, consent, sent | {"recipient": receiver.public_id, "scope": scope})
    assert answer.status_code == 303 and answer.location.startswith(here(case) + "?")
    again = browser.get(answer.location).get_data(as_text=True)
    assert [one for one in ("who", "children", "plan", receiver.public_id) if not is_chosen(again, one)] == ["plan"]
