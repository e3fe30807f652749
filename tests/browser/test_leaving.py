"""Getting away at once, both languages, and nothing that stays behind in the browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.walker import Walker

Enter = Callable[..., Walker]


def is_away(somebody: Walker) -> None:
    """On the neutral page, signed out; Back shows it again, and the front page lets her in anew."""
    somebody.page.wait_for_url("**/weather")
    assert somebody.page.title() == "Vejret"
    somebody.page.go_back()
    expect(somebody.page).to_have_url(re.compile("/weather$"))
    somebody.at("Vejret").go("/").at("Log ind")


@pytest.mark.parametrize("width", [1360, 390])
def test_leaving_by_the_button(walker: Enter, width: int) -> None:
    katrine = walker("katrine", width=width).go("/cases")
    katrine.press("Forlad siden")
    is_away(katrine)


def test_leaving_by_shift_three_times(walker: Enter) -> None:
    katrine = walker("katrine").go("/cases")
    for _ in range(3):
        katrine.page.keyboard.press("Shift")
    is_away(katrine)


def test_leaving_without_javascript(walker: Enter) -> None:
    katrine = walker("katrine", java_script_enabled=False).go("/cases")
    katrine.press("Forlad siden")
    katrine.at("Vejret").go("/day").at("Vejret").go("/sign-in").at("Log ind")


def test_back_after_signing_out_shows_nothing(walker: Enter) -> None:
    katrine = walker("katrine").go("/cases").at("Mine sager")
    katrine.sign_out()
    katrine.page.go_back()
    expect(katrine.heading).to_have_text("Log ind")


def test_english_on_and_off(walker: Enter) -> None:
    katrine = walker("katrine").go("/day").at("Min dag")
    katrine.press("English").at("My day")
    assert katrine.page.locator("html").get_attribute("lang") == "en"
    katrine.go("/cases").at("My cases").press("Dansk").at("Mine sager")
    assert katrine.page.locator("html").get_attribute("lang") == "da"
