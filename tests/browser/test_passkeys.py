"""A passkey in a real Chromium, with a device of the browser's own making: set up, sign in, step up."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from portal.demo.logins import PASSWORD
from tests.browser.walker import Walker

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def by_name(portal: Flask, address: str) -> Iterator[str]:
    """The portal under a name: a passkey is bound to a name, never to a number."""
    named, before = address.replace("127.0.0.1", "localhost"), portal.config["PUBLIC_URL"]
    portal.config["PUBLIC_URL"] = named
    yield named
    portal.config["PUBLIC_URL"] = before


def device_of(page: Page) -> str:
    """Give the browser of a page a device that holds passkeys. Returns the device's id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made: str = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    return made


@pytest.mark.parametrize(("width", "who"), [(1360, "birthe"), (390, "camilla")])
def test_a_passkey_is_set_up_signs_in_and_is_taken_away(
    new_context: Callable[..., BrowserContext], by_name: str, width: int, who: str
) -> None:
    page = new_context(width=width).new_page()
    device_of(page)
    person = Walker(page, PASSWORD)
    person.page.goto(f"{by_name}/sign-in")
    person.fill({"E-mail": f"{who}@bro.example", "Adgangskode": PASSWORD})
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_url(re.compile(r"^(?!.*sign-in)"))

    page.goto(f"{by_name}/account")
    person.follow("Opret en adgangsnøgle")
    person.fill({"Hvad kalder du den?": "Den bærbare"}).press("Opret adgangsnøglen")
    person.at("Dine nødkoder")
    assert person.main.locator("code").count() == 10
    person.shot("recovery-codes")

    page.goto(f"{by_name}/account")
    person.see("Den bærbare")
    person.shot("account")
    page.context.clear_cookies()
    page.goto(f"{by_name}/sign-in")
    person.shot("sign-in")
    person.press("Log ind med adgangsnøgle")
    page.wait_for_url(re.compile(r"^(?!.*sign-in)"))

    page.goto(f"{by_name}/step-up?next=/account")
    person.press("Bekræft med adgangsnøgle")
    person.at("Din konto").unfold("Fjern")
    person.press("Fjern den")
    expect(person.main.get_by_text("Den bærbare")).to_have_count(0)


def test_without_javascript_the_password_is_all_there_is(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Log ind med adgangsnøgle")).to_be_hidden()
    expect(page.get_by_label("Adgangskode")).to_be_visible()
