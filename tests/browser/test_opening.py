"""Intake opens a case for a colleague, and the officers begin with their day."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.walker import Walker

Enter = Callable[..., Walker]


@pytest.mark.parametrize("width", [1360, 390])
def test_intake_is_told_who_has_the_case_now(walker: Enter, width: int) -> None:
    lone = walker("lone", width=width).go("/day").follow("Åbn en ny sag").at("Ny sag")
    # An empty form opens nothing, and says so beside the field that is missing.
    lone.press("Åbn sagen").see("Skriv hendes navn, eller sæt kryds ved, at hun ikke oplyser det.")
    expect(lone.page.locator("#name-error")).to_be_visible()
    lone.shot("lone-empty")
    lone.pick("Hun oplyser ikke sit navn")
    lone.choose({"Hvem skal arbejde med sagen?": "Maja Holm"}).press("Åbn sagen").at("Min dag")
    told = lone.page.locator("#messages")
    expect(told).to_have_text(re.compile(r"Sag 20\d\d-\d{4} er åbnet\. Maja Holm har den nu og har fået besked\."))
    lone.shot("lone-passed-on")


def test_a_case_for_nobody_yet_is_found_where_it_is_given_away(walker: Enter) -> None:
    lone = walker("lone").go("/cases/new").pick("Hun oplyser ikke sit navn")
    lone.press("Åbn sagen").at("Sager uden")
    expect(lone.page.locator("#messages")).to_contain_text("ingen arbejder med den endnu")
    lone.shot("lone-nobody")
    card = lone.page.locator("section[id^=case-]").last
    lone.choose({"Hvem tager den": "Maja Holm"}, within=card).press("Giv", within=card)
    expect(lone.page.locator("#messages")).to_contain_text("givet")


@pytest.mark.parametrize("key", ["rikke", "jens", "mette"])
def test_the_officers_begin_with_what_waits(walker: Enter, key: str) -> None:
    walker(key).at("Min dag")
