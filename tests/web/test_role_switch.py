"""One role at a time: a form from a page of another role is refused, and what was written is not lost."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.enums import Role
from portal.db import db
from portal.models.cases import Note
from portal.models.users import Membership
from portal.services import accounts
from tests.factories.people import make_case, make_member, make_organisation

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def two_roles() -> tuple[Membership, Membership]:
    """A contact person who is also in intake elsewhere."""
    contact = make_member()
    other = accounts.add_membership(contact.user, make_organisation(), Role.INTAKE)
    return contact, other


def switch(browser: Any, membership_public_id: str) -> None:
    assert browser.post(f"/account/roles/{membership_public_id}").status_code == 303


def note_page(contact: Membership) -> str:
    return f"/cases/{make_case(contact).public_id}/notes"


def test_a_form_of_the_former_role_is_refused_and_its_text_is_kept(as_user: AsUser) -> None:
    contact, other = two_roles()
    page, other_id, browser = note_page(contact), other.public_id, as_user(contact)
    form = browser.hidden(page, page) | {"text": "Hun vil gerne tale med nogen om sin bolig."}
    switch(browser, other_id)
    answer = browser.post(page, data=form)
    assert answer.status_code == 409
    assert "Du har skiftet rolle" in answer.text
    assert "Hun vil gerne tale med nogen om sin bolig." in answer.text
    assert db.session.scalars(sa.select(Note.id)).all() == []


def test_with_htmx_the_page_stays_and_the_message_tells(as_user: AsUser) -> None:
    contact, other = two_roles()
    page, other_id, browser = note_page(contact), other.public_id, as_user(contact)
    form = browser.hidden(page, page)
    switch(browser, other_id)
    answer = browser.post(page, data=form, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#messages")
    assert "Du har skiftet rolle" in answer.text


def test_back_in_the_role_the_same_form_is_taken_in(as_user: AsUser) -> None:
    contact, other = two_roles()
    page, other_id, own_id, browser = note_page(contact), other.public_id, contact.public_id, as_user(contact)
    form = browser.hidden(page, page) | {"text": "Hun ringer mandag.", "mode": "phone"}
    switch(browser, other_id)
    switch(browser, own_id)
    assert browser.post(page, data=form).status_code != 409


def test_a_button_of_the_former_role_is_refused_too(as_user: AsUser) -> None:
    contact, other = two_roles()
    other_id, browser = other.public_id, as_user(contact)
    hidden = browser.hidden("/account", f"/account/roles/{other_id}")
    switch(browser, other_id)
    assert browser.post("/messages/read", data=hidden).status_code == 409


def test_what_is_sealed_or_secret_is_not_shown_again(as_user: AsUser) -> None:
    contact, other = two_roles()
    page, other_id, browser = note_page(contact), other.public_id, as_user(contact)
    secret = {"address": "Hemmelig vej 7", "new": "en lang hemmelig sætning", "current": "den gamle sætning"}
    form = browser.hidden(page, page) | secret
    switch(browser, other_id)
    shown = browser.post(page, data=form).text
    assert [value for value in secret.values() if value in shown] == []


def test_the_rail_says_which_role_is_in_use(as_user: AsUser) -> None:
    contact, other = two_roles()
    other_id, browser = other.public_id, as_user(contact)
    assert "Kontaktperson · " in browser.get("/day").text
    switch(browser, other_id)
    assert "Visitator · " in browser.get("/day").text
