"""The message after a logged contact holds a button that undoes it, for two minutes and for its author."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.kinds import ContactMode, ContactResult
from portal.db import db
from portal.models.cases import Note
from portal.services import cases, notes
from tests.factories.people import actor_of, make_case, make_member

Browser = Callable[..., Any]
SENT = {"mode": "phone", "result": "reached", "quick": "5"}
pytestmark = pytest.mark.usefixtures("session")


def contact() -> Note:
    return db.session.scalars(sa.select(Note).where(Note.mode.is_not(None))).one()


def test_two_taps_and_a_third_that_undoes_them(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    browser, page = as_user(member), f"/cases/{case.public_id}"
    assert browser.post(f"{page}/contacts", data=SENT).status_code == 303
    undo = f"{page}/contacts/{contact().public_id}/undo"
    shown = browser.get(page)
    assert f'action="{undo}"' in shown.text and "Du kan fortryde indtil kl." in shown.text
    form = browser.hidden_in(shown, undo)
    assert f'action="{undo}"' not in browser.get(page).text, "a message is shown once"
    sent = browser.post(undo, data=form)
    assert (sent.status_code, sent.location) == (303, page)
    shown = browser.get(page).text
    assert "Kontakten er fortrudt og tæller ikke med." in shown
    assert "En noteret kontakt blev fortrudt" in shown and "fortrudt, tæller ikke med" in shown
    # The same form again leads where it led; another one comes too late.
    assert browser.post(undo, data=form).status_code == 303
    late = browser.post(undo, data=form | {"form_key": "a" * 22})
    assert late.status_code == 409 and "allerede fortrudt eller rettet" in late.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Note)) == 2


def test_with_htmx_the_page_is_opened_anew_and_holds_the_button(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    browser, page = as_user(member), f"/cases/{case.public_id}"
    sent = browser.post(f"{page}/contacts", data=SENT, headers={"HX-Request": "true"})
    assert sent.headers["HX-Redirect"] == page
    undo = f"{page}/contacts/{contact().public_id}/undo"
    form = browser.hidden(page, undo)
    sent = browser.post(undo, data=form, headers={"HX-Request": "true"})
    assert (sent.status_code, sent.headers["HX-Redirect"]) == (200, page)


def test_no_button_where_something_was_saved_along(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    browser, page = as_user(member), f"/cases/{case.public_id}"
    assert browser.post(f"{page}/contacts", data=SENT | {"feels_safe": "6"}).status_code == 303
    shown = browser.get(page).text
    assert "Kontakten er noteret." in shown and "/undo" not in shown


def test_who_may_not_and_when_not(as_user: Browser) -> None:
    member = make_member()
    case, colleague = make_case(member), make_member(Role.CONTACT_PERSON, member.organisation)
    given = {"actor": actor_of(member), "now": utc_now()}
    cases.join_team(case.id, colleague.user_id, **given)
    stranger, volunteer = make_member(), make_member(Role.VOLUNTEER, member.organisation)
    old = notes.log_contact(
        case,
        mode=ContactMode.PHONE,
        result=ContactResult.REACHED,
        actor=given["actor"],
        now=utc_now() - timedelta(minutes=2),
    )
    undo, none = f"/cases/{case.public_id}/contacts/{old.public_id}/undo", f"/cases/{case.public_id}/contacts/x/undo"
    late = as_user(member).post(undo)
    assert late.status_code == 409 and "kan fortrydes i to minutter" in late.text
    assert as_user(colleague).post(undo).status_code == 403
    assert as_user(stranger).post(undo).status_code == 404
    assert as_user(volunteer).post(undo).status_code == 403
    assert as_user(member).post(none).status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Note)) == 1
