"""A case goes to another house, and what was kept back of it stays behind until they say yes."""

from collections.abc import Callable

from tests.browser import steps
from tests.browser.walker import Walker

Enter = Callable[..., Walker]
NOTE = "En mor med to børn, på vej til egen bolig hos jer."


def test_a_case_is_offered_taken_over_and_its_history_stays(walker: Enter) -> None:
    katrine, nanna = walker("katrine"), walker("nanna")
    case = steps.open_case(katrine)
    katrine.go(case + "/consents").choose({"Hvem": "Krisecenter Havblik"}).press("Notér samtykket")
    katrine.go(case.replace("/cases/", "/transfers/")).choose({"Til hvilken organisation": "Krisecenter Havblik"})
    katrine.pick("Hun har sagt ja på ny").fill({"Hvordan og hvornår hun sagde ja": "I en samtale i dag."})
    katrine.fill({"Hvad skal de andre vide": NOTE}).press("Tilbyd sagen").see("Sagen er tilbudt")
    katrine.shot("katrine_offers_a_case")
    nanna.page.goto(case)
    nanna.at("Ikke fundet")

    nanna.go("/transfers/offered").see(NOTE).shot("nanna_offered")
    nanna.press("Overtag sagen")
    nanna.go(case).see("Krisecenter Havblik").shot("nanna_has_it")
    katrine.page.goto(case)
    katrine.at("Ikke fundet")
    nanna.go(case.replace("/cases/", "/transfers/")).see("Krisecenter Lærken")


def test_who_pays_and_who_must_act_differ_and_the_earlier_ones_stay(walker: Enter) -> None:
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    page = case + "/municipality"
    katrine.go(page).choose({"Handlekommune": "Aarhus", "Betalingskommune": "Odense"})
    katrine.fill({"Fra hvilken dag": steps.ahead(-30)}).press("Gem").at("Sag")
    katrine.go(page).choose({"Handlekommune": "Viborg", "Betalingskommune": "Odense"})
    katrine.fill({"Fra hvilken dag": steps.ahead(-3)}).choose({"Hvorfor er det en anden?": "Hun er flyttet"})
    katrine.press("Gem").at("Sag").see("Viborg (handle)", "Odense (betale)")
    katrine.go(page).see("Aarhus").shot("katrine_municipalities")
