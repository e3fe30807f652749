"""A lead makes an eighth offer for her house, and it is referred to, answered and begun like any other."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Response, expect

from portal.db import db
from portal.models.followups import FollowUp
from portal.wall import as_system
from tests.browser import steps
from tests.browser.test_referring import fill_forms, requests_of
from tests.browser.walker import Walker

Enter = Callable[..., Walker]
MENTOR = "Mentor i hverdagen"
CRITERIA = (
    ("Hun ønsker selv en mentor", "She wants a mentor herself"),
    ("Hun har boet på krisecenter", "She has stayed at a crisis centre"),
    ("Det er trygt at mødes ude", "It is safe to meet outside"),
    ("Hun kan tale med en frivillig uden tolk", "She can talk to a volunteer without an interpreter"),
)
EVENINGS = "Om dagen | In the daytime\nOm aftenen | At night"
# So many pages and presses the lead needs at most for a whole programme.
MOST_PAGES, MOST_PRESSES = 16, 14


def count_pages(somebody: Walker) -> list[str]:
    """The pages that a person opens from now on."""
    opened: list[str] = []

    def note(answer: Response) -> None:
        if answer.request.resource_type == "document" and answer.status < 300:
            opened.append(answer.url)

    somebody.page.on("response", note)
    return opened


def make_mentor(ditte: Walker) -> None:
    """The whole programme, from its name to the day it counts from."""
    ditte.go("/programmes/own").follow("Lav et tilbud").at("Lav et tilbud")
    ditte.fill({"Navn på dansk": MENTOR, "Navn på engelsk": "A mentor from day to day"})
    ditte.fill({"Kort fortalt, på dansk": "En frivillig følger hende i tolv uger."})
    ditte.fill({"Kort fortalt, på engelsk": "A volunteer goes along with her for twelve weeks."})
    ditte.pick("Kvinder, der har boet på krisecenter").press("Gem og gå videre").see("Kriterium 1")
    for number, (da, en) in enumerate(CRITERIA):
        ditte.page.locator(f"[name=c{number}_da]").fill(da)
        ditte.page.locator(f"[name=c{number}_en]").fill(en)
    ditte.shot("ditte_criteria")
    ditte.press("Gem og gå videre").see("Skemaet spørger ikke om noget endnu.")
    add_question(ditte, "Hvornår kan hun mødes?", "When can she meet?", EVENINGS)
    ditte.see("Hvornår kan hun mødes?")
    add_question(ditte, "Hvem passer børnene?", "Who looks after the children?", when="Om aftenen")
    ditte.see("afhænger af").shot("ditte_form")
    ditte.follow("Fortsæt").fill({"Pladser ad gangen": "8"}).press("Gem og gå videre")
    ditte.see("Hvor længe varer det?").fill({"Hvor længe varer det?": "12"})
    for number, weeks in ((1, "6"), (2, "12")):
        ditte.page.locator(f"[name=p{number}_amount]").fill(weeks)
        ditte.page.locator(f"[name=p{number}_unit]").select_option("weeks")
        ditte.page.locator(f"[name=p{number}_start]").select_option("start")
    ditte.press("Gem og gå videre").see("Hverdage til at svare på en henvisning")
    ditte.follow("Se og udgiv").see("Der mangler ikke noget.", "12 uger efter starten").shot("ditte_preview")
    ditte.press("Udgiv").see("Gælder nu")


def add_question(ditte: Walker, da: str, en: str, choices: str = "", when: str = "") -> None:
    """One more question, which must be answered."""
    ditte.follow("Tilføj et spørgsmål").at("Spørgsmål")
    ditte.choose({"Hvordan svarer man?": "Ét af flere svar" if choices else "En linje tekst"})
    ditte.fill({"Spørgsmålet på dansk": da, "Spørgsmålet på engelsk": en}).pick("Det skal besvares")
    if choices:
        ditte.fill({"Svar at vælge imellem": choices})
    if when:
        ditte.pick(re.compile(when))
    ditte.press("Gem spørgsmålet")


def refer(katrine: Walker) -> tuple[str, str]:
    """Refer a woman to the new offer; return the case and the reference of the referral."""
    case = steps.open_case(katrine)
    steps.make_ready(katrine, case)
    steps.begin_referral(katrine, case)
    steps.choose_offers(katrine, MENTOR)
    children = katrine.main.get_by_label("Hvem passer børnene?")
    katrine.see("Hvornår kan hun mødes?")
    expect(children).to_be_hidden()
    # It comes up with the answer, goes again with another one, and is asked for when it is shown.
    for answer, is_shown in (("Om aftenen", True), ("Om dagen", False), ("Om aftenen", True)):
        katrine.pick(answer)
        expect(children).to_be_visible(visible=is_shown)
    katrine.press("Næste").see("Der mangler noget")
    expect(children).to_be_visible()
    fill_again(katrine)
    steps.finish_referral(katrine)
    return case, katrine.main.get_by_text("Reference").first.inner_text().split()[-1]


def fill_again(katrine: Walker) -> None:
    """Answer what has come up, and leave the evening as it is."""
    fill_forms(katrine)
    katrine.pick("Om aftenen")


def accept(lone: Walker, page: str) -> None:
    """Check the four criteria, offer the place, hear her answer, take her in."""
    lone.go(page).see("Om aftenen", "Ro og en fast voksen at spørge").press("Jeg tager den")
    for choice in lone.main.locator("input[name^=criterion-][value=met]").all():
        choice.check()
    assert lone.main.locator("input[name^=criterion-][value=met]").count() == len(CRITERIA)
    lone.shot("lone_mentor")
    lone.press("Notér kriterierne").press("Tilbyd plads")
    lone.pick("Ja, det vil hun gerne").press("Notér hendes svar").press("Optag hende")
    lone.see("Hun har fået pladsen.")


def asked_of(portal: Flask) -> set[tuple[str, date]]:
    """When she is asked along the way, as it has been planned."""
    with portal.app_context(), as_system():
        rows = db.session.execute(sa.select(FollowUp.span, FollowUp.due_on).where(FollowUp.span != ""))
        return {(span, due) for span, due in rows}


def test_a_lead_makes_an_offer_without_a_developer(walker: Enter, portal: Flask) -> None:
    ditte = walker("ditte", java_script_enabled=False)
    pages = count_pages(ditte)
    make_mentor(ditte)
    assert len(pages) <= MOST_PAGES and ditte.clicks <= MOST_PRESSES, (len(pages), ditte.clicks)

    katrine, lone = walker("katrine"), walker("lone")
    katrine.go("/programmes/").see(MENTOR)
    row = katrine.main.locator("tr").filter(has_text=MENTOR)
    expect(row).to_contain_text("8 pladser")
    case, reference = refer(katrine)
    accept(lone, requests_of(lone, reference, MENTOR))
    steps.ten_minutes_on(portal)
    katrine.go("/programmes/")
    expect(row).to_contain_text("7 pladser")

    katrine.go(case)
    said = katrine.page.locator("#courses li").filter(has_text=MENTOR).inner_text()
    worker = next(name for name in ("maja", "sara", "louise", "birthe") if name.title() in said)
    helper = walker(worker).go(case)
    helper.follow(MENTOR, within=helper.page.locator("#courses")).at(MENTOR)
    helper.fill({"Hvornår var den første": steps.ahead(0)}).press("Begynd forløbet").see("I gang")
    end = steps.today() + timedelta(weeks=12)
    helper.see(re.compile(f"12 uger fra starten: {end:%d.%m.%Y}")).shot("worker_mentor")

    # A woman of the story has a mentor too, and days of her own.
    assert {("6w", steps.today() + timedelta(weeks=6)), ("12w", end)} <= asked_of(portal)

    ditte.go("/programmes/own").follow(MENTOR).see("1 på v1").press("Lav en ændring")
    ditte.fill({"Navn på engelsk": "A mentor"}).press("Gem og gå videre").follow("Se og udgiv").press("Udgiv")
    ditte.see("1 på v1", "Afløst").shot("ditte_versions")
    helper.page.reload()
    helper.see(re.compile("12 uger fra starten"))


def test_the_builder_fits_a_telephone(walker: Enter) -> None:
    ditte = walker("ditte", width=390)
    ditte.go("/programmes/own/new").fill({"Navn på dansk": "En kladde"}).press("Gem og gå videre").see("Kriterium 1")
    for part in ("questions", "places", "course", "clocks", "sharing", "questions/new", "versions/1"):
        ditte.go(part_of(ditte, part))
        wide = ditte.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, (part, wide)
        ditte.shot(f"ditte_{part.replace('/', '_')}")


def part_of(ditte: Walker, part: str) -> str:
    """The address of another part of the same programme."""
    found = re.search(r".*/programmes/own/[\w-]{22}", ditte.page.url)
    assert found is not None
    return f"{found[0]}/{part}"
