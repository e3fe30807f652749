"""Help must not stop at the door: what has to be seen to before she leaves, and the red line where nobody has."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.walker import Walker

Enter = Callable[..., Walker]


def test_nobody_has_taken_over_is_red_until_somebody_has(walker: Enter) -> None:
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    steps.make_ready(katrine, case)
    katrine.go(case + "/stay").fill({"Udskrevet": steps.ahead(0)}).choose({"Hvorhen": "Egen bolig"})
    katrine.press("Afslut opholdet").at("Sag")
    alone = katrine.page.locator(".chip.red").filter(has_text="taget over")
    expect(alone).to_be_visible()
    katrine.shot("katrine_nobody_took_over")
    katrine.go(case.replace("/cases/", "/bridge/")).see("Hvem der tager over").shot("katrine_bridge")
    katrine.fill({"Hvem har taget over uden for portalen?": "Kommunens familierådgiver"})
    katrine.fill({"Aftalt den": steps.ahead(0), "Deres første kontakt": steps.ahead(0)})
    katrine.fill({"Adressebeskyttelse tjekket": steps.ahead(0)}).choose({"Starthjælp": "Ikke nødvendig"})
    katrine.pick("Spurgt, og hun sagde ja").press("Gem")
    katrine.go(case)
    expect(alone).to_have_count(0)


def test_whom_nobody_has_reached_for_long_stands_on_a_list(walker: Enter) -> None:
    katrine = walker("katrine")
    katrine.go("/quiet/").see("dage").shot("katrine_quiet")
    katrine.page.locator("main a[href*='/cases/']").first.click()
    katrine.at("Journal i sag")
