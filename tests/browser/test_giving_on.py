"""A case goes to another house, and what was kept back of it stays behind until they say yes."""

from collections.abc import Callable

from tests.browser import steps
from tests.browser.walker import Walker

Enter = Callable[..., Walker]
NOTE = "En mor med to børn, på vej til egen bolig hos jer."


def test_a_case_is_offered_taken_over_and_its_history_stays(walker: Enter) -> None:
    katrine, ditte = walker("katrine"), walker("ditte")
    case = steps.open_case(katrine)
    katrine.go(case + "/consents").choose({"Til hvem": "Danner (demo)"})
    katrine.pick("Henvisning: tilbuddet må få", "Skriftligt").fill({"Givet": steps.ahead(0)})
    katrine.press("Registrér samtykket").see("Danner (demo)")
    katrine.go(case.replace("/cases/", "/transfers/")).choose({"Til hvilken organisation": "Danner (demo)"})
    katrine.pick("Hun har sagt ja på ny").fill({"Hvordan og hvornår hun sagde ja": "I en samtale i dag."})
    katrine.fill({"Hvad skal de andre vide": NOTE}).press("Tilbyd sagen").see("Sagen er tilbudt")
    katrine.shot("katrine_offers_a_case")
    ditte.go("/transfers/offered").see(NOTE, "Krisecenter Lærken").shot("ditte_offered")
    offer = ditte.page.locator("section, li, article").filter(has_text=NOTE).last
    ditte.choose({"Hvem tager den": "Maja Holm"}, within=offer)
    ditte.press("Overtag sagen", within=offer)
    ditte.see("Ingen tilbyder jer en sag.")
    # Whoever gave it away has nothing more to do with it, and is not told that it is there.
    assert katrine.page.request.get(case).status == 404
    walker("maja").go(case).see("Danner (demo)").shot("maja_has_it")


def test_who_pays_and_who_must_act_differ_and_the_earlier_ones_stay(walker: Enter) -> None:
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    page = case + "/municipality"
    katrine.go(page).choose({"Handlekommune": "Aarhus", "Betalingskommune": "Odense"})
    katrine.fill({"Fra hvilken dag": steps.ahead(-30)}).press("Gem").at("Sag")
    katrine.go(page).choose({"Handlekommune": "Viborg", "Betalingskommune": "Odense"})
    katrine.fill({"Fra hvilken dag": steps.ahead(-3)}).choose(
        {"Hvorfor er det en anden?": "Flyttet til en anden kommune"}
    )
    # Another municipality must act: what does not follow by itself stands on the page that she is on.
    katrine.press("Gem").at("Kommune").go(case).see("Viborg (handle)", "Odense (betaler)")
    katrine.go(page).see("Aarhus").shot("katrine_municipalities")
