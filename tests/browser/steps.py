"""What people do again and again, by the words they see."""

from datetime import date, timedelta

import sqlalchemy as sa
from flask import Flask

from portal.core.clock import local_date, utc_now
from portal.db import db
from portal.wall import as_system
from tests.browser.walker import Walker, danish

CTI, HOMES, QNET = "CTI-forløb", "Dannerboligerne", "Qnet"


def today() -> date:
    """The Danish day."""
    return local_date(utc_now())


def ahead(days: int) -> str:
    """A day so many days ahead, as people write it."""
    return danish(today() + timedelta(days=days))


def open_case(somebody: Walker) -> str:
    """Open a case for somebody who says nothing about herself; return its address."""
    somebody.go("/day").follow("Åbn en ny sag")
    somebody.fill({"Fødselsår": "1991", "Det sprog hun taler bedst": "arabisk"})
    somebody.pick("Hun oplyser ikke sit navn", "Hun har brug for tolk")
    somebody.press("Åbn sagen").at("anonym")
    return somebody.page.url


def make_ready(somebody: Walker, case: str) -> None:
    """Everything that a referral asks for: safe contact, stay, planned move, safety."""
    somebody.go(case + "/safe-contact").pick("SMS", "Alle dage")
    somebody.press("Bekræft sikker kontakt").at("Sag").go(case + "/stay")
    somebody.fill({"Indskrevet": ahead(-60), "Forventet flytning til egen bolig": ahead(35)})
    somebody.pick("Nej").press("Registrér opholdet")
    somebody.at("Sag").go(case.replace("/cases/", "/risk/") + "/assessment").pick("almindelig")
    somebody.press("Gem vurderingen").at("Sikkerhed")


def begin_referral(somebody: Walker, case: str) -> None:
    """The first two steps."""
    somebody.go(case).follow("Henvis", within=somebody.page.locator(".page-actions")).at("Ny henvisning")
    somebody.main.locator("input[name=case]").first.check()
    somebody.pick("Krisecentret").press("Begynd henvisningen")
    somebody.see("Hvem handler det om?").press("Næste")
    somebody.see("Hvad har hun brug for?").pick("Bolig", "Netværk")
    somebody.fill({"Hvad ønsker hun": "Ro til børnene og en hverdag."}).press("Næste")
    somebody.see("Hvilke tilbud?")


def choose_offers(somebody: Walker, *titles: str) -> None:
    """Tick programmes and see their forms."""
    for title in titles:
        # Others' tests open offers of their own in the same house; those of the story stand first.
        somebody.main.locator("label.choice").filter(has_text=title).first.locator("input").check()
    somebody.press("Gem og vis skemaer")
    for title in titles:
        somebody.see(f"Indstillingsskema: {title}")


def finish_referral(somebody: Walker) -> None:
    """Safety, consent to each receiver, and send."""
    somebody.press("Næste").see("Hendes sikkerhed")
    somebody.pick("Jeg har læst, hvad der sendes med om hendes sikkerhed").press("Næste").see("Hendes samtykke")
    for part in somebody.main.locator("fieldset.receiver").all():
        if part.get_by_label("Hvornår?").count():
            somebody.pick("Skriftligt", within=part).fill({"Hvornår?": ahead(0)}, within=part)
    somebody.pick("Hun er med på").press("Send henvisningen").at("Henvisningen er sendt")


def before_a_row_with_a_log(who: Walker) -> None:
    """Go down the list of the day to just above the first row from which a contact is logged.

    A meeting of today stands above it and has a button of its own.
    """
    has_log = "rows => rows.map(row => row.querySelector('[data-log]') !== null)"
    rows = who.page.locator("[data-rows] > li, [data-rows] > tbody > tr, [data-rows] > article")
    for _row in range(rows.evaluate_all(has_log).index(True)):
        who.page.keyboard.press("j")


def ten_minutes_on(portal: Flask) -> None:
    """The answers that were given can no longer be undone: from now on others are told of them."""
    given = {"track_request": "decided_at", "enrolment": "created_at", "team_member": "joined_at"}
    with portal.app_context(), as_system():
        for table, column in given.items():
            lately = f"{column} > now() - interval '10 minutes'"
            db.session.execute(
                sa.text(f"UPDATE {table} SET {column} = {column} - interval '10 minutes' WHERE {lately}")
            )
        db.session.commit()
