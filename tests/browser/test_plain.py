"""The same work without a mouse, and without JavaScript."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.test_referring import fill_forms
from tests.browser.walker import Walker

Enter = Callable[..., Walker]


def tab_to(somebody: Walker, text: str, most: int = 80) -> None:
    """Press Tab until the thing with these words has the focus, and see that the focus shows."""
    for _ in range(most):
        somebody.page.keyboard.press("Tab")
        said = somebody.page.evaluate(
            "(document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText || '').trim()"
        )
        if re.match(rf"{re.escape(text)}(?!\w)", said):
            shown = somebody.page.evaluate(
                "(() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; })()"
            )
            assert shown, f"the focus does not show on {text!r}"
            return
    raise AssertionError(f"Tab never reaches {text!r}")


def test_a_case_is_opened_with_the_keys_alone(walker: Enter) -> None:
    somebody = walker().go("/sign-in")
    keys = somebody.page.keyboard
    tab_to(somebody, "E-mail")
    keys.type("katrine@bro.example")
    keys.press("Tab")
    keys.type(somebody.password)
    keys.press("Enter")
    somebody.at("Min dag")
    # The way out comes first by key, then the way in.
    for words in ("Væk herfra med det samme", "Gå til indholdet"):
        keys.press("Tab")
        expect(somebody.page.locator(":focus")).to_have_text(words)
    keys.press("Enter")
    tab_to(somebody, "Åbn en ny sag")
    keys.press("Enter")
    somebody.at("Ny sag")
    tab_to(somebody, "Hun oplyser ikke sit navn")
    keys.press("Space")
    tab_to(somebody, "Fødselsår")
    keys.type("1988")
    keys.press("Enter")
    somebody.at("anonym")
    tab_to(somebody, "Henvis")
    keys.press("Enter")
    somebody.at("Ny henvisning")


def test_j_and_enter_open_the_next_thing_of_the_day(walker: Enter) -> None:
    maja = walker("maja").go("/cases")
    wanted = maja.main.locator("[data-rows] tbody tr a").first.get_attribute("href")
    maja.page.keyboard.press("j")
    maja.page.keyboard.press("Enter")
    maja.page.wait_for_url(f"**{wanted}")


def test_a_referral_without_javascript(walker: Enter) -> None:
    katrine = walker("katrine", java_script_enabled=False)
    case = steps.open_case(katrine)
    steps.make_ready(katrine, case)
    steps.begin_referral(katrine, case)
    steps.choose_offers(katrine, steps.QNET)
    fill_forms(katrine)
    steps.finish_referral(katrine)
    katrine.see(steps.QNET)


def test_a_refused_form_without_javascript_keeps_what_was_typed(walker: Enter) -> None:
    katrine = walker("katrine", java_script_enabled=False)
    case = steps.open_case(katrine)
    katrine.go(case + "/stay").fill({"Indskrevet": "31.9.2026"}).press("Registrér opholdet")
    katrine.see("Noget skal rettes")
    expect(katrine.page.get_by_label("Indskrevet")).to_have_value("31.9.2026")
