"""From an anonymous case to two answers: the contact person and the programmes' intake, one after the other."""

import re
from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.walker import Walker

Enter = Callable[..., Walker]


def link_to(page: Page, begin: str, text: str) -> str:
    """The address that the row with this text leads to."""
    row = page.locator("tr, li").filter(has_text=text).locator(f"a[href^='{begin}']").first
    return row.get_attribute("href") or ""


def refer(katrine: Walker, case: str, *titles: str) -> str:
    """Write and send a referral, with a draft in between; return its reference."""
    steps.begin_referral(katrine, case)
    steps.choose_offers(katrine, *titles)
    fill_forms(katrine)
    with katrine.page.expect_navigation():
        katrine.press("Gem kladden")
    katrine.go("/referrals/").see("Dine kladder")
    katrine.page.locator("#drafts").get_by_role("link").first.click()
    katrine.see("Hvilke tilbud?")
    steps.finish_referral(katrine)
    katrine.shot("katrine_receipt")
    text = katrine.main.get_by_text("Reference").first.inner_text()
    return text.split()[-1]


def at_the_forms(walker: Enter) -> tuple[Walker, str]:
    """A new case, and its referral at the form of the one programme that was chosen."""
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    steps.make_ready(katrine, case)
    steps.begin_referral(katrine, case)
    steps.choose_offers(katrine, steps.CTI)
    return katrine, case


def test_a_draft_that_has_saved_itself_goes_on(walker: Enter) -> None:
    katrine, _case = at_the_forms(walker)
    fill_forms(katrine)
    # Two seconds after the last key the draft is saved by itself.
    katrine.see(re.compile("Kladde gemt kl."))
    katrine.press("Næste").see("Hendes sikkerhed")


def test_a_draft_that_is_being_saved_does_not_stop_the_one_who_goes_on(walker: Enter) -> None:
    katrine, _case = at_the_forms(walker)
    slow = {"offline": False, "latency": 500, "downloadThroughput": -1, "uploadThroughput": -1}
    katrine.page.context.new_cdp_session(katrine.page).send("Network.emulateNetworkConditions", slow)
    with katrine.page.expect_request(re.compile("/keep")):
        fill_forms(katrine)
    katrine.press("Næste").see("Hendes sikkerhed")


def fill_forms(katrine: Walker) -> None:
    """Answer every question of the chosen programmes."""
    for part in katrine.main.locator("section.nomination").all():
        for box in part.locator("textarea, input[type=text]").all():
            label = part.locator(f"label[for='{box.get_attribute('id')}']").inner_text()
            box.fill(steps.ahead(35) if label.startswith("Hvornår") else "Ro og en fast voksen at spørge")
        for group in part.locator("fieldset:has(input[type=radio])").all():
            group.locator("input[type=radio]").first.check()


def test_one_referral_two_programmes_two_answers(walker: Enter, portal: Flask) -> None:
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    katrine.follow("Børn").follow(re.compile("Tilføj")).fill({"Fødselsår": "2019"}).press(re.compile("Gem|Tilføj"))
    steps.make_ready(katrine, case)
    katrine.go(case).see("SMS", "1 barn" if katrine.main.get_by_text("1 barn").count() else "Børn")
    reference = refer(katrine, case, steps.CTI, steps.HOMES)
    katrine.sign_out()

    lone = walker("lone").go("/referrals/inbox").see(reference)
    asked = ask_for_more(lone, reference)
    katrine.sign_in("katrine@bro.example").go("/referrals/")
    katrine.go(link_to(katrine.page, "/referrals/", reference)).see("De spørger:", "Hvornår flytter hun præcist?")
    katrine.fill({"Dit svar": "Den dag, der står i skemaet."}).press("Send svaret").see("Svaret er sendt")

    accept(lone, asked)
    decline(lone, reference)
    katrine.go("/referrals/").go(link_to(katrine.page, "/referrals/", reference))
    katrine.see(re.compile("Et svar er på vej og står her kl.")).shot("katrine_waits")
    steps.ten_minutes_on(portal)
    katrine.go("/referrals/").go(link_to(katrine.page, "/referrals/", reference))
    katrine.see("I stedet:", "Prøv en kommunal bolig imens.").shot("katrine_answers")
    katrine.go(case).see(steps.CTI).shot("katrine_case")


def requests_of(lone: Walker, reference: str, programme: str) -> str:
    """The address of one programme's request."""
    lone.go("/referrals/inbox")
    row = lone.page.locator("tbody tr").filter(has_text=reference).filter(has_text=programme)
    return row.get_by_role("link").first.get_attribute("href") or ""


def ask_for_more(lone: Walker, reference: str) -> str:
    """Ask the sender; the name is not there."""
    page = requests_of(lone, reference, steps.CTI)
    lone.go(page).see("Hendes navn vises, når hun er optaget.").unfold("Spørg om mere")
    lone.fill({"Hvad mangler?": "Hvornår flytter hun præcist?"}).press("Spørg afsenderen")
    lone.shot("lone_request")
    return page


def accept(lone: Walker, page: str) -> None:
    """Check what is asked for, offer the place, hear her answer, take her in."""
    lone.go(page).press("Jeg tager den")
    for choice in lone.main.locator("input[name^=criterion-][value=met]").all():
        choice.check()
    lone.press("Notér kriterierne").press("Tilbyd plads")
    lone.pick("Ja, det vil hun gerne").press("Notér hendes svar").press("Optag hende")
    lone.see("Hun har fået pladsen.")


def decline(lone: Walker, reference: str) -> None:
    """Plan a talk, and then say no with a reason and something instead."""
    lone.go(requests_of(lone, reference, steps.HOMES)).press("Jeg tager den").unfold("Planlæg en samtale")
    form = lone.main.locator("form[action$='/talk']")
    lone.fill({"Dag": steps.ahead(2), "Fra": "10.00", "Til": "11.00"}, within=form).press("Planlæg", within=form)
    lone.unfold("Afslå")
    form = lone.main.locator("form[action$='/decline']")
    lone.choose({"Begrundelse": "Hos os: Der er ikke plads"}, within=form)
    lone.fill({"En sætning til afsenderen": "Vi har ingen ledige boliger nu."}, within=form)
    lone.fill({"Hvad kan hun tilbydes": "Prøv en kommunal bolig imens."}, within=form)
    lone.press("Afslå", within=form)
    expect(lone.page.locator("#messages")).to_contain_text("Afsenderen")


def test_a_course_begins_and_its_ribbon_counts_from_the_move(walker: Enter, portal: Flask) -> None:
    katrine, case = at_the_forms(walker)
    fill_forms(katrine)
    steps.finish_referral(katrine)
    reference = katrine.main.get_by_text("Reference").first.inner_text().split()[-1]
    lone = walker("lone")
    accept(lone, requests_of(lone, reference, steps.CTI))
    steps.ten_minutes_on(portal)
    katrine.go(case + "/move")
    katrine.fill({"Flyttet ind": steps.ahead(-20)}).press("Registrér flytningen")
    katrine.go(case).see("CTI-forløb", "uge 3 af 13").shot("katrine_moved")
    said = katrine.page.locator("#courses li").filter(has_text=steps.CTI).inner_text()
    worker = next(name for name in ("maja", "sara", "louise") if name.title() in said)
    helper = walker(worker).go(case)
    helper.follow(steps.CTI, within=helper.page.locator("#courses")).at(steps.CTI).see("Det næste")
    helper.fill({"Hvornår var den første": steps.ahead(0)}).press("Begynd forløbet").see("I gang")
    helper.shot("worker_course")
