"""The counselling that a law promises: offered, answered, begun, and counted with nobody missing."""

import re
from collections.abc import Callable

from tests.browser import steps
from tests.browser.walker import Walker

Enter = Callable[..., Walker]
COUNTED = r"Kvinder, der flyttede ud\s+n\s=\s(\d+)\s+Tilbudt\s+(\d+)[^\n]*\s+Ikke tilbudt\s+(\d+)"


def test_from_the_offer_to_the_figures(walker: Enter) -> None:
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    steps.make_ready(katrine, case)
    katrine.go(case + "/municipality").choose({"Handlekommune": "Aarhus"}).press("Gem").at("Sag")
    page = case.replace("/cases/", "/counselling/")
    katrine.go(page).see("Kommunen skal tilbyde den").fill({"Tilbudt den": steps.ahead(-2)})
    katrine.pick("I en samtale", "Med tolk", "Bolig", "Økonomi")
    katrine.press("Registrér tilbuddet").see("Tilbudt").shot("katrine_offered")
    katrine.pick("Ja").fill({"Hvornår?": steps.ahead(-1)}).press("Registrér hendes svar")
    katrine.see("Sagde ja").shot("katrine_said_yes")

    henrik = walker("henrik")
    henrik.go("/counselling/").see("Skal begyndes").shot("henrik_desk")
    henrik.go("/counselling/figures").see("Tilbudt dem, der flyttede ud").shot("henrik_figures")
    counted = re.search(COUNTED, henrik.main.inner_text())
    assert counted is not None
    left, offered, missing = map(int, counted.groups())
    assert left == offered + missing > 10
