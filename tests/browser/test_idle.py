"""A page that is left alone locks itself, and what was typed is there again (R-555, R-556)."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect

from portal.core.clock import utc_now
from portal.db import db
from portal.demo.logins import PASSWORD
from portal.models.users import UserSession
from portal.services import accounts
from tests.browser.test_residue import open_notes, save, write
from tests.browser.walker import Walker

Enter = Callable[..., Walker]
TYPED = "Hun vil gerne ringes op\nefter klokken 14"


def left_alone(walker: Enter, key: str = "katrine") -> tuple[Walker, str]:
    """Somebody who has typed something and does nothing more, on a clock that the test moves."""
    somebody = walker(key)
    notes = open_notes(somebody)
    somebody.page.clock.install()
    somebody.go(notes)
    write(somebody, TYPED)
    return somebody, notes


def sign_in_here(somebody: Walker) -> None:
    somebody.fill({"E-mail": "katrine@bro.example", "Adgangskode": PASSWORD})
    somebody.press("Log ind")


def test_it_warns_locks_and_gives_back_what_was_typed(walker: Enter) -> None:
    katrine, notes = left_alone(walker)
    warning = katrine.page.locator("#idle-warning")
    katrine.page.clock.fast_forward("12:50")
    expect(warning).to_be_hidden()
    katrine.page.clock.fast_forward("00:30")
    expect(warning).to_contain_text("Om et minut låses siden")
    katrine.page.clock.fast_forward("01:00")
    katrine.at("Log ind").see("er gemt")
    katrine.page.go_back()
    katrine.at("Log ind")
    katrine.go(f"/sign-in?next={notes}&kept=1")
    sign_in_here(katrine)
    katrine.page.wait_for_url(f"**{notes}")
    katrine.see("er her igen")
    field = katrine.page.get_by_label("Notat", exact=True)
    expect(field).to_have_value(TYPED)
    save(katrine)
    katrine.go(notes).see_not("er her igen")


def test_a_draft_on_its_way_arrives_before_the_session_ends(walker: Enter) -> None:
    katrine, _notes = left_alone(walker)
    held, ended = [], []
    katrine.page.route("**/kept", lambda route: held.append(route))
    katrine.page.on("request", lambda request: ended.append(request.url) if request.url.endswith("/lock") else None)
    with katrine.page.expect_request("**/kept"):
        katrine.page.clock.fast_forward("13:20")
    katrine.page.clock.fast_forward("01:00")
    expect(katrine.page.locator("body > .cover")).to_be_visible()
    katrine.page.wait_for_timeout(300)
    assert ended == []
    with katrine.page.expect_request_finished(lambda request: request.url.endswith("/kept")) as kept:
        held.pop().continue_()
    katrine.at("Log ind").see("er gemt")
    assert kept.value.response().status == 204 and len(ended) == 1


def test_a_key_or_another_page_of_the_browser_is_a_sign_of_life(walker: Enter) -> None:
    katrine, _notes = left_alone(walker)
    warning = katrine.page.locator("#idle-warning")
    katrine.page.clock.fast_forward("13:20")
    expect(warning).to_be_visible()
    katrine.page.keyboard.press("ArrowDown")
    expect(warning).to_be_hidden()
    katrine.page.clock.fast_forward("13:20")
    expect(warning).to_be_visible()
    katrine.press("Jeg er her")
    expect(warning).to_be_hidden()
    expect(katrine.page.get_by_label("Notat", exact=True)).to_have_value(TYPED)


def test_without_a_connection_the_page_is_empty_and_goes_on_trying(walker: Enter, complaints: list[str]) -> None:
    katrine, _notes = left_alone(walker)
    katrine.page.context.set_offline(True)
    katrine.page.clock.fast_forward("14:30")
    expect(katrine.page.locator("body")).to_contain_text("ikke nået frem")
    assert TYPED not in katrine.page.content() and katrine.page.locator("textarea").count() == 0
    katrine.page.context.set_offline(False)
    katrine.page.clock.fast_forward("00:16")
    katrine.at("Log ind").see("er gemt")
    complaints.clear()


def test_a_form_sent_after_the_end_is_there_again(walker: Enter, portal: Flask) -> None:
    katrine = walker("katrine")
    notes = open_notes(katrine)
    katrine.go(notes)
    write(katrine, TYPED)
    token = next(one["value"] for one in katrine.page.context.cookies() if one["name"] == "bro_session")
    with portal.app_context(), db.engine.begin() as connection:
        gone = sa.update(UserSession).where(UserSession.token_hash == accounts.token_hash(token))
        connection.execute(gone.values(seen_at=utc_now() - timedelta(minutes=16)))
    katrine.press("Gem notatet").at("Log ind").see("er gemt")
    sign_in_here(katrine)
    katrine.page.wait_for_url(f"**{notes}")
    expect(katrine.page.get_by_label("Notat", exact=True)).to_have_value(TYPED)
    save(katrine)
    katrine.go(notes).see("efter klokken 14").see_not("er her igen")
