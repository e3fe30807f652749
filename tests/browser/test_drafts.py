"""A note keeps itself as a draft while somebody writes it: nothing that was typed is lost (R-819)."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_residue import open_notes, save, write
from tests.browser.walker import Walker

Enter = Callable[..., Walker]
TYPED = "Hun kom med børnene, og vi talte om skolen"


def note(page: Page) -> str:
    return page.get_by_label("Notat", exact=True).input_value()


def is_kept(page: Page) -> None:
    expect(page.locator("#write-note [data-saved]")).to_contain_text("Kladde gemt kl.")


def test_a_note_goes_on_where_the_tab_was_closed_and_is_a_draft_no_more_once_it_is_saved(walker: Enter) -> None:
    katrine = walker("katrine")
    notes = open_notes(katrine)
    katrine.go(notes)
    write(katrine, TYPED)
    katrine.page.get_by_label("Notat", exact=True).press("Control+s")
    is_kept(katrine.page)
    katrine.go("/day").see("blev ikke sendt").go(notes).see("er her igen")
    assert note(katrine.page) == TYPED
    lone = walker("lone")
    lone.go("/day").see_not("blev ikke sendt")
    save(katrine)
    katrine.see(TYPED).go(notes).see_not("er her igen")
    assert note(katrine.page) == ""


def test_it_saves_itself_when_she_stops_and_goes_when_it_is_thrown_away(walker: Enter) -> None:
    katrine = walker("katrine")
    notes = open_notes(katrine)
    katrine.go(notes)
    write(katrine, TYPED)
    is_kept(katrine.page)
    katrine.go(notes)
    kept = katrine.page.locator(".kept", has_text="er her igen")
    kept.get_by_text("Smid det væk", exact=True).click()
    kept.get_by_role("button", name="Ja, smid det væk").click()
    katrine.see("Det er smidt væk").go(notes).see_not("er her igen")
    assert note(katrine.page) == ""


def test_what_corrects_one_note_is_not_put_into_a_new_one(walker: Enter) -> None:
    katrine = walker("katrine")
    notes = open_notes(katrine)
    katrine.go(notes)
    write(katrine, TYPED)
    save(katrine)
    katrine.go(notes)
    correction = katrine.page.locator("a[href*='corrects=']").first.get_attribute("href") or ""
    katrine.go(correction)
    write(katrine, f"{TYPED} i Ry")
    is_kept(katrine.page)
    katrine.go(notes).see("er her igen")
    assert note(katrine.page) == ""
    katrine.go(correction)
    assert note(katrine.page) == f"{TYPED} i Ry"
    save(katrine)
