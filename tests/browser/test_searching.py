"""One box: a slash, what one knows, Enter."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.walker import Walker

Enter = Callable[..., Walker]


def find(somebody: Walker, text: str) -> Walker:
    """Search with the keys alone, from whatever page."""
    somebody.page.keyboard.press("/")
    somebody.page.keyboard.type(text)
    somebody.page.keyboard.press("Enter")
    return somebody


def test_a_woman_is_found_by_what_is_known_of_her_and_by_nobody_else(walker: Enter) -> None:
    katrine, nanna = walker("katrine"), walker("nanna")
    case = steps.open_case(katrine)
    katrine.go(case + "/identity").fill({"Navn": "Zenia Prøvesen", "Telefon": "20 99 88 77"}).press("Gem")
    katrine.at("Zenia")
    reference = re.search(r"\d{4}-\d{4}", katrine.heading.inner_text())
    assert reference is not None
    for text in (reference[0], "zenia prøvesen", "20998877", "Zenia Prøvesen 1991"):
        find(katrine.go("/day"), text)
        expect(katrine.page.locator("body")).to_contain_text(reference[0])
        # What was searched for stands in no address, and so in no history and no log.
        assert "?" not in katrine.page.url
        find(nanna.go("/day"), text).see("Der er ikke noget, der passer")
    nanna.shot("nanna_found_nothing")
    find(katrine.go("/day"), "Zenia").see("Der er ikke noget, der passer")


def test_programmes_organisations_and_meetings_are_found_in_the_same_box(walker: Enter) -> None:
    katrine = walker("katrine")
    find(katrine.go("/day"), "CTI").see("CTI-forløb", "Tilbud")
    find(katrine, "Krisecenter").see("Krisecenter Havblik", "Organisationer")
    find(katrine, steps.ahead(1).removesuffix(".2026").removesuffix(".2027"))
    expect(katrine.main).to_contain_text("Dine møder")
