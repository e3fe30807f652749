"""A protected value in a real browser: counted down, hidden after a minute, and behind no Back (R-575)."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.db import db
from tests.browser import steps
from tests.browser.walker import Walker
from tests.factories.sign_in import grow_old

Enter = Callable[..., Walker]
WHERE = "Kanariestien 7, 9999 Ingensteds"
WHY = "Hun skal hentes hjem i dag."
RESEND = "Confirm Form Resubmission|ERR_CACHE_MISS|Bekræft"


def with_address(somebody: Walker) -> str:
    """A case with a protected address; the page that asks why one needs it."""
    case = steps.open_case(somebody)
    somebody.go(case + "/address").pick("Navne- og adressebeskyttelse").fill({"Ny adresse": WHERE})
    somebody.press("Gem").page.wait_for_url(case)
    return case


def ask(somebody: Walker, case: str, why: str = WHY) -> None:
    somebody.go(case + "/address/reveal")
    somebody.fill({"Hvad skal du bruge": why}).press("Vis adressen")


def back_to_the_start(somebody: Walker, start: str) -> None:
    """Press Back until the page from which she set out: none of the pages between is the browser's own, or tells."""
    for _ in range(8):
        somebody.page.go_back(wait_until="load")
        assert somebody.page.url.startswith("http")
        assert re.search(RESEND, somebody.page.title()) is None
        assert WHERE not in somebody.page.content()
        if somebody.page.url == start:
            return
    raise AssertionError("Back does not lead to where she began")


@pytest.mark.parametrize("width", [1360, 390])
def test_it_names_the_case_counts_down_and_says_what_happened(walker: Enter, width: int) -> None:
    katrine = walker("katrine", width=width)
    case = with_address(katrine)
    number = katrine.heading.inner_text().split()[1]
    katrine.page.clock.install()
    katrine.go(case + "/address/reveal").see(number).shot("reveal-ask")
    ask(katrine, case)
    katrine.see(WHERE, number)
    assert katrine.page.title() == "Portal"
    assert number not in katrine.page.url
    left = katrine.page.locator("[data-left]")
    expect(left).to_be_visible()
    katrine.shot("reveal-shown")
    katrine.page.clock.run_for(20_000)
    assert 35 <= int(left.locator("span").inner_text()) <= 40
    # It is there to be seen; nothing is read out each second.
    expect(left).to_have_attribute("aria-hidden", "true")
    assert katrine.page.locator("[role=status] [data-left], [aria-live] [data-left]").count() == 0
    status = katrine.page.locator("#address-shown [role=status]")
    expect(status).to_be_empty()
    katrine.page.clock.run_for(41_000)
    expect(status).to_contain_text("Minuttet er gået")
    katrine.see_not(WHERE).shot("reveal-over")
    katrine.see("Tilbage til sagen").follow("Bed om at se den igen").at("Vis adressen")


def test_neither_back_nor_reload_shows_it_or_ends_in_an_error(walker: Enter) -> None:
    katrine = walker("katrine")
    case = with_address(katrine)
    start = katrine.page.url
    # Refused first: that answer stands in the history too.
    ask(katrine, case, "Fordi.")
    katrine.see("mindst 15").fill({"Hvad skal du bruge": WHY}).press("Vis adressen")
    katrine.see(WHERE)
    katrine.page.reload()
    katrine.at("Vis adressen").see_not(WHERE)
    back_to_the_start(katrine, start)
    for _ in range(4):
        katrine.page.go_forward(wait_until="load")
        katrine.see_not(WHERE)


def test_back_after_a_fresh_proof_ends_in_no_error_either(walker: Enter, portal: Flask) -> None:
    katrine = walker("katrine")
    case = with_address(katrine)
    start = katrine.page.url
    katrine.go(case + "/address/reveal").fill({"Hvad skal du bruge": WHY})
    with portal.app_context():
        grow_old()
        db.session.commit()
    katrine.press("Vis adressen").at("Bekræft, at det er dig")
    # Nothing written is told beside the field, in the page.
    katrine.press("Bekræft").see("Udfyld feltet.")
    katrine.fill({"Din adgangskode": katrine.password}).press("Bekræft")
    katrine.see(WHERE)
    back_to_the_start(katrine, start)
