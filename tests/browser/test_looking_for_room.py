"""At night somebody at the door needs a place: what has room, in two clicks, and being told when it has."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.walker import Walker

Enter = Callable[..., Walker]
MOST_CLICKS = 2


def test_a_place_is_found_in_two_clicks_and_its_house_is_no_address(walker: Enter) -> None:
    henrik = walker("henrik", width=390)
    henrik.go("/day")
    henrik.clicks = 0
    henrik.page.locator("summary").filter(has_text="Menu").first.click()
    henrik.follow("Ledige pladser", within=henrik.page.locator("body")).at("Ledige pladser")
    henrik.follow("Pladser på krisecentre").see("Plads på et krisecenter", "ledige nu")
    assert henrik.clicks <= MOST_CLICKS
    henrik.shot("henrik_places")
    assert not re.search(r"\d{4} [A-ZÆØÅ]|vej \d|gade \d", henrik.main.inner_text())


def test_what_is_not_there_yet_is_told_when_it_comes(walker: Enter) -> None:
    henrik, katrine = walker("henrik"), walker("katrine")
    henrik.go("/places/").unfold("Søg efter noget andet")
    henrik.choose({"Region": "Nordjylland"}).press("Vis").see("Ingen")
    henrik.unfold("Giv mig besked").press("Giv mig besked").see("Nordjylland")
    henrik.shot("henrik_watches")
    katrine.go("/places/rooms").fill({"Ledige pladser": "3"}).pick("Arabisk").press("Gem")
    henrik.go("/places/?kind=rooms").see("3 ledige nu")


def test_an_offer_of_the_case_is_matched_to_what_she_needs(walker: Enter) -> None:
    katrine = walker("katrine")
    katrine.go("/cases").main.get_by_role("link", name=re.compile(r"^\d{4}-\d{4}$")).first.click()
    katrine.follow("Pladser, der passer til sagen").at("Pladser, der passer til sagen")
    expect(katrine.main).to_contain_text("Ud fra det, der står i sagen")
