"""A contact is logged from today's list: six key presses at a desk, two taps and one choice on a telephone."""

from collections.abc import Callable
from time import monotonic

from playwright.sync_api import expect

from tests.browser.walker import Walker

Enter = Callable[..., Walker]
LOGGED = "Kontakten er noteret"
# What a person may need at most, from the list to the message that it is kept.
SECONDS = 20


def test_six_key_presses_log_a_contact_with_its_minutes(walker: Enter) -> None:
    katrine = walker("katrine").go("/day")
    presses, begun = 0, monotonic()

    def press(key: str) -> None:
        nonlocal presses
        presses += 1
        katrine.page.keyboard.press(key)

    press("j")
    press("l")
    first = katrine.page.locator("#log-contact [type=radio]").first
    expect(first).to_be_focused()
    press("Space")
    press("Tab")
    press("Space")
    press("Enter")
    expect(katrine.page.locator("#messages")).to_contain_text(LOGGED)
    assert presses <= 6 and monotonic() - begun <= SECONDS
    katrine.go(katrine.page.url.split("?")[0] + "/notes")
    expect(katrine.page.locator("#past li").first).to_contain_text("5 min")


def test_two_taps_and_a_choice_log_it_on_a_telephone(walker: Enter) -> None:
    katrine = walker("katrine", width=390).go("/day")
    begun = monotonic()
    katrine.main.locator("[data-log]").locator("visible=true").first.click()
    katrine.pick("Fik ikke fat i hende", within=katrine.page.locator("#log-contact"))
    katrine.page.locator("#log-contact button[type=submit]").click()
    expect(katrine.page.locator("#messages")).to_contain_text(LOGGED)
    assert monotonic() - begun <= SECONDS
