"""The days of those who help: meetings, follow-ups, the grant, the lead's overview, reminders and the inbox."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import expect

from portal.demo.mail_taker import MailTaker
from portal.jobs import registry, runner
from tests.browser import steps
from tests.browser.walker import Walker

Enter = Callable[..., Walker]


def amira(somebody: Walker) -> str:
    """The address of the case that the story shows from all sides."""
    somebody.go("/cases")
    row = somebody.page.locator("tbody tr").filter(has_text="Amira")
    return row.get_by_role("link").first.get_attribute("href") or ""


def test_todays_visit_is_registered_in_three_clicks(walker: Enter) -> None:
    maja = walker("maja").go("/day").see("Hjemmebesøg")
    maja.clicks = 0
    maja.follow("Registrér Hjemmebesøg").press("Hun kom")
    expect(maja.page.locator("#messages")).to_contain_text("Registreret")
    assert maja.clicks <= 3


def test_a_meeting_is_planned_moved_and_written_on_her_sheet(walker: Enter) -> None:
    maja = walker("maja")
    case = amira(maja)
    maja.go(case).follow("Planlæg et møde")
    maja.choose({"Hvilken slags møde?": "Samtale", "Hvor?": "i vores lokaler"})
    maja.fill({"Dag": steps.ahead(1), "Fra": "9.15", "Til": "10.00"}).press("Planlæg mødet")
    maja.go("/meetings/").shot("maja_week")
    maja.go(case).see("Samtale")
    maja.page.locator("#next li").filter(has_text="9.15").get_by_role("link").first.click()
    maja.unfold("Flyt mødet").fill({"Dag": steps.ahead(2), "Fra": "11.30", "Til": "12.00"}).press("Flyt")
    expect(maja.page.locator("#messages")).to_contain_text("flyttet")
    maja.follow("Hendes næste aftaler på papir").at("Aftaler").see("11.30")
    said = maja.main.inner_text()
    assert not any(word in said for word in ("Amira", "CTI", "Danner", "Samtale"))
    maja.shot("maja_sheet")


def test_a_follow_up_becomes_a_point_on_her_curve(walker: Enter) -> None:
    maja = walker("maja")
    maja.go(amira(maja)).follow("Udfyld", within=maja.page.locator("#next"))
    shown = maja.main.locator("fieldset.scale")
    expect(shown.first).to_be_visible()
    for scale in shown.all():
        scale.locator("label").nth(1).click()
    maja.shot("maja_follow_up")
    maja.press("Gem og afslut").see("Udfyldt")
    maja.go(amira(maja))
    expect(maja.page.locator("#curve svg")).to_be_visible()
    maja.shot("maja_amira")


def test_a_grant_takes_two_approvals_and_a_payment(walker: Enter) -> None:
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    katrine.go(f"/grants/new/{case.split('/')[-1]}")
    katrine.main.locator("input[name=fund]").first.check()
    katrine.press("Fortsæt")
    if not katrine.page.url.endswith("/edit"):
        katrine.follow("Udfyld og send")
    katrine.fill({"Beløb i kroner": "6.000"}, within=katrine.main.locator("fieldset").filter(has_text="Basale møbler"))
    katrine.fill({"Hvilken anden støtte": "Kommunen har sagt nej."}).pick("En butik", "Skriftligt")
    katrine.press("Send ansøgningen")
    page = katrine.page.url
    peter = walker("peter").go(page).press("Tag ansøgningen").unfold("Indstil")
    peter.fill({"Indstilling": "Hun mangler senge."}).press("Indstil")
    peter.see("0 af 2")
    walker("birgitte").go(page).press("Godkend").see("1 af 2")
    torben = walker("torben").go(page).press("Godkend").see("2 af 2")
    torben.shot("torben_grant")
    eva = walker("eva").go(page).press("Bestil udbetalingen")
    eva.fill({"Udbetalt den": steps.ahead(0), "Bankens reference": "B-17"}).press("Registrér udbetalingen")
    eva.see("Udbetalt")
    katrine.go(page).see("Udbetalt")


def test_the_lead_sees_how_it_goes(walker: Enter) -> None:
    ditte = walker("ditte").go("/reports/").at("Overblik")
    ditte.see("Aktive forløb", "Ventetid", "Udsat for vold", "n = ").see_not("Amira", "effekt")


def test_a_reminder_says_only_that_there_is_something(portal: Flask, mail_taker: MailTaker, walker: Enter) -> None:
    jobs = registry.all_jobs()
    runner.run_now(portal, jobs["remind_deadlines"])
    runner.run_now(portal, jobs["send_outbox"])
    # Others' tests put people of their own into the same house.
    letters = [letter for letter in mail_taker.letters() if letter["to"].endswith("@bro.example")]
    assert letters
    for letter in letters:
        said = letter["subject"] + letter["text"] + letter["html"]
        assert not any(word in said for word in ("Amira", "CTI", "krisecenter", "Sag 20", "/cases/"))
    to = letters[0]["to"]
    somebody = walker(to.split("@")[0]).go("/messages/").at("Beskeder")
    expect(somebody.main.locator(".messages-list li").first).to_be_visible()
