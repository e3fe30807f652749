"""The letter keys: a note, what came of a contact, a decision about a referral, sending; never in a field (R-794)."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.walker import Walker

Enter = Callable[..., Walker]


def test_a_note_is_begun_and_sent_by_keys_alone(walker: Enter) -> None:
    katrine = walker("katrine")
    katrine.go("/cases").main.get_by_role("link", name=re.compile(r"^\d{4}-\d{4}$")).first.click()
    keys = katrine.at("Sag").page.keyboard
    keys.press("n")
    katrine.at("Journal")
    note = katrine.page.locator("#write-note textarea").first
    expect(note).to_be_focused()
    keys.type("Skrevet med taster: n, 1, 2, 3 og j er tekst her.")
    keys.press("Control+Enter")
    katrine.see("n, 1, 2, 3 og j er tekst her.")


def test_numbers_choose_what_came_of_a_contact(walker: Enter) -> None:
    katrine = walker("katrine")
    katrine.go("/day")
    steps.before_a_row_with_a_log(katrine)
    for key in ("j", "l"):
        katrine.page.keyboard.press(key)
    katrine.at("Journal")
    for number in (2, 3, 1):
        katrine.page.keyboard.press(str(number))
        expect(katrine.page.locator("[data-numbers] input[type=radio]").nth(number - 1)).to_be_checked()


def test_a_decision_is_opened_by_its_key_and_not_sent(walker: Enter) -> None:
    lone = walker("lone")
    lone.go("/referrals/inbox")
    keys = lone.page.keyboard
    for key in ("j", "c"):
        keys.press(key)
    # From the list the button has the focus, and nothing is taken yet.
    lone.at("Henvisning")
    expect(lone.page.locator("[data-key=c] button")).to_be_focused()
    keys.press("c")
    expect(lone.page.locator("details[data-key=d]")).to_have_count(1)
    keys.press("d")
    expect(lone.page.locator("details[data-key=d]")).to_have_attribute("open", "")
    lone.page.locator("h1").click()
    keys.press("m")
    expect(lone.page.locator("details[data-key=m] textarea")).to_be_focused()
    assert lone.page.locator("details[data-key=d]").count() == 1


def test_the_keys_can_be_switched_off(walker: Enter) -> None:
    katrine = walker("katrine")
    katrine.go("/day").page.keyboard.press("?")
    katrine.page.locator("#keys input").uncheck()
    katrine.page.locator("#keys button").click()
    katrine.page.keyboard.press("j")
    expect(katrine.page.locator(".is-at")).to_have_count(0)
