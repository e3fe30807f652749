"""Somebody who uses the portal: what she sees is what there is, and she finds things by their words."""

import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

SHOTS = os.environ.get("BRO_SHOTS")


def danish(day: date) -> str:
    """A date as people write it: 2.10.2026."""
    return f"{day.day}.{day.month}.{day.year}"


class Walker:
    """A person at a page."""

    def __init__(self, page: Page, password: str) -> None:
        self.page = page
        self.password = password
        self.clicks = 0
        self.is_waiting = False

    def go(self, path: str) -> "Walker":
        """Open an address of the portal."""
        # What was pressed a moment ago is answered before one goes on.
        if self.is_waiting:
            self.page.wait_for_load_state("networkidle")
            self.is_waiting = False
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        return self

    def sign_in(self, email: str) -> "Walker":
        """Sign in."""
        self.go("/sign-in")
        self.fill({"E-mail": email, "Adgangskode": self.password})
        self.press("Log ind")
        self.page.wait_for_url(re.compile(r"^(?!.*sign-in)"))
        self.clicks = 0
        return self

    def sign_out(self) -> None:
        """Sign out."""
        if self.page.viewport_size and self.page.viewport_size["width"] < 800:
            self.page.get_by_text("Menu", exact=True).click()
        self.page.get_by_role("button", name="Log ud").locator("visible=true").click()
        expect(self.heading).to_have_text("Log ind")

    @property
    def heading(self) -> Locator:
        """What the page is about."""
        return self.page.locator("h1")

    @property
    def main(self) -> Locator:
        """The page without its frame."""
        return self.page.locator("main")

    def at(self, heading: str | re.Pattern[str]) -> "Walker":
        """Is on the page with this heading."""
        expect(self.heading).to_contain_text(heading)
        return self

    def see(self, *texts: str | re.Pattern[str]) -> "Walker":
        """Sees these words."""
        for text in texts:
            expect(self.main.get_by_text(text).locator("visible=true").first).to_be_visible()
        return self

    def see_not(self, *texts: str) -> "Walker":
        """Finds these words nowhere in the page, not even hidden."""
        for text in texts:
            assert text not in self.page.content(), f"{text!r} is in the page"
        return self

    def fill(self, values: Mapping[str, str], within: Locator | None = None) -> "Walker":
        """Write in fields, by their labels."""
        place = within or self.page
        for label, value in values.items():
            place.get_by_label(label).locator("visible=true").first.fill(value)
        return self

    def pick(self, *labels: str, within: Locator | None = None) -> "Walker":
        """Tick boxes and choose options, by their labels."""
        for label in labels:
            (within or self.main).get_by_label(label).locator("visible=true").first.check()
        return self

    def choose(self, values: Mapping[str, str], within: Locator | None = None) -> "Walker":
        """Choose in drop-down fields, by label and the option's words."""
        for label, value in values.items():
            (within or self.main).get_by_label(label).first.select_option(label=value)
        return self

    def press(self, name: str | re.Pattern[str], within: Locator | None = None) -> "Walker":
        """Press a button."""
        self.clicks += 1
        self.is_waiting = True
        (within or self.page).get_by_role("button", name=name).locator("visible=true").first.click()
        return self

    def follow(self, name: str | re.Pattern[str], within: Locator | None = None) -> "Walker":
        """Follow a link."""
        self.clicks += 1
        self.is_waiting = True
        (within or self.main).get_by_role("link", name=name).locator("visible=true").first.click()
        return self

    def unfold(self, name: str | re.Pattern[str], within: Locator | None = None) -> "Walker":
        """Open what is folded."""
        self.clicks += 1
        (within or self.main).locator("summary").filter(has_text=name).locator("visible=true").first.click()
        return self

    def shot(self, name: str) -> None:
        """Keep a picture of the page in the folder that BRO_SHOTS names; without it none is taken."""
        if not SHOTS or not self.page.viewport_size:
            return
        folder = Path(SHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(folder / f"{name}-{self.page.viewport_size['width']}.png"), full_page=True)
