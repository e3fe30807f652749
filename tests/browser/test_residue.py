"""What stays in the browser of somebody who left, signed out or closed it: nothing (R-553, R-554)."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, Request, expect

from portal.demo.logins import PASSWORD
from tests.browser.conftest import FLAGS, WAIT_MS, put_down
from tests.browser.walker import Walker

Enter = Callable[..., Walker]
Open = Callable[[], BrowserContext]
# Written by the test, so that no page of the demo holds it by chance.
MARK = "Kvidrende7Kanarie"
# Asked on a file of ours, which has no scripts: our own pages do not even see the storage of the tab.
STORED = """async () => [
    localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
    (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length,
]"""
BLANKED = """() => {
    window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    const isHidden = getComputedStyle(document.body).display === "none";
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    return [isHidden, document.body.textContent];
}"""
PAGES = ("/day", "/cases", "/cases/new", "/referrals/", "/meetings/", "/messages/", "/account", "/help", "/nowhere")


def open_notes(somebody: Walker) -> str:
    """The address of the journal of her first case."""
    somebody.go("/cases")
    link = somebody.page.locator('main a[href^="/cases/"]').evaluate_all("all => all.map(one => one.pathname)")
    return next(f"{path}/notes" for path in link if re.fullmatch(r"/cases/[\w-]{22}", path))


def write(somebody: Walker, text: str) -> None:
    """Write a note, without saving it."""
    somebody.fill({"Notat": text})


def save(somebody: Walker) -> None:
    """Save the note."""
    somebody.press("Gem notatet").page.wait_for_load_state("networkidle")


def is_away(somebody: Walker) -> None:
    """On the neutral page, and neither Back nor Forward nor an address shows anything else."""
    somebody.page.wait_for_url("**/weather")
    somebody.page.go_back(wait_until="commit")
    somebody.at("Vejret")
    somebody.page.go_forward(wait_until="commit")
    somebody.at("Vejret").go("/day").at("Vejret").go("/").at("Log ind")


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Where a browser keeps what it keeps."""
    return tmp_path / "profile"


@pytest.fixture
def at_home(player: Playwright, profile: Path, chromium_path: str, address: str) -> Iterator[Open]:
    """Opens a browser on that folder, which holds pages ready for Back as everybody's does."""
    with ExitStack() as opened:

        def open_() -> BrowserContext:
            context = player.chromium.launch_persistent_context(
                str(profile),
                executable_path=chromium_path,
                args=list(FLAGS),
                ignore_default_args=["--disable-back-forward-cache"],
                base_url=address,
                locale="da-DK",
            )
            context.set_default_timeout(WAIT_MS)
            opened.callback(put_down, context)
            return context

        yield open_


def found_in(folder: Path, mark: str) -> list[str]:
    """The files of a folder in which a mark stands, in either of the ways in which browsers write text."""
    marks = (mark.encode(), mark.encode("utf-16-le"))
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    return [str(file.relative_to(folder)) for file in files if any(one in file.read_bytes() for one in marks)]


def test_no_file_of_the_browser_holds_what_was_seen_or_typed(at_home: Open, profile: Path) -> None:
    context = at_home()
    katrine = Walker(context.pages[0], PASSWORD).sign_in("katrine@bro.example")
    notes = open_notes(katrine)
    katrine.go(notes)
    write(katrine, MARK)
    save(katrine)
    katrine.go(notes).see(MARK)
    katrine.go("/day").go(notes)
    write(katrine, f"{MARK} igen")
    for _ in range(3):
        katrine.page.keyboard.press("Escape")
    is_away(katrine)
    cookies = {cookie["name"] for cookie in context.cookies()}
    assert "bro_session" not in cookies
    put_down(context)
    assert (profile / "Default").is_dir()
    assert found_in(profile, MARK) == []
    # The search does find: her history holds the addresses, as the help page says.
    assert found_in(profile, notes) != []
    # Opened anew, the browser has her addresses and nothing behind them.
    again = Walker(at_home().pages[0], PASSWORD)
    again.go(notes).at("Vejret")


@pytest.mark.parametrize("ends", ["leave", "sign_out"])
def test_back_and_forward_show_nothing_though_the_browser_holds_pages_ready(at_home: Open, ends: str) -> None:
    context = at_home()
    katrine = Walker(context.pages[0], PASSWORD).sign_in("katrine@bro.example")
    for path in ("/cases", "/messages/", "/cases"):
        katrine.go(path)
    if ends == "leave":
        katrine.press("Forlad siden")
        is_away(katrine)
    else:
        katrine.sign_out()
    for _ in range(3):
        katrine.page.go_back(wait_until="commit")
        expect(katrine.heading).to_have_text(re.compile("Log ind|Vejret"))


def test_a_page_put_by_for_back_is_blank(walker: Enter) -> None:
    katrine = walker("katrine").go("/cases")
    assert katrine.page.evaluate(BLANKED) == [True, ""]
    # What it shows then is asked for anew.
    katrine.at("Mine sager")


def test_nothing_is_stored_nothing_asked_of_others_and_no_rule_broken(walker: Enter, address: str) -> None:
    strange: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(address):
            strange.append(request.url)

    for key in ("katrine", "ida", "jens"):
        somebody = walker(key)
        somebody.page.on("request", note)
        # Asked for beside a file that is no page; the pages name their own icon.
        somebody.page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        paths = somebody.page.locator("nav a").evaluate_all("all => [...new Set(all.map(one => one.pathname))]")
        for path in (*paths, "/help", "/account"):
            somebody.go(path)
            assert somebody.page.title() == "Portal"
        somebody.go("/static/icon.svg")
        assert somebody.page.evaluate(STORED) == [0, 0, 0, 0, 0]
        somebody.go("/help").press("Forlad siden").page.wait_for_url("**/weather")
        assert somebody.page.evaluate(STORED) == [0, 0, 0, 0, 0]
        # What stays says nothing of a page: the language, that somebody has signed in on this device before, and for
        # ten minutes that the page about the weather was shown.
        assert {cookie["name"] for cookie in somebody.page.context.cookies()} <= {"language", "bro_device", "weather"}
    assert strange == []


@pytest.mark.parametrize("width", [1360, 390])
def test_the_page_that_one_leaves_to_looks_like_no_page_of_the_portal(walker: Enter, address: str, width: int) -> None:
    asked: list[str] = []
    somebody = walker(width=width)
    somebody.page.on("request", lambda request: asked.append(request.url.partition("?")[0].removeprefix(address)))
    somebody.go("/weather").at("Vejret").see("Stiv kuling", "UV-indeks")
    assert somebody.page.title() == "Vejret"
    somebody.page.wait_for_load_state("networkidle")
    assert set(asked) <= {"/weather", "/static/weather.css", "/static/weather.svg"}
    assert "Plex" not in somebody.page.evaluate("getComputedStyle(document.body).fontFamily")
    assert somebody.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    somebody.shot("weather")


@pytest.mark.parametrize("path", ["/help", "/cases", "/sign-in", "/cases/new"])
@pytest.mark.parametrize("key", ["Shift", "Escape"])
def test_three_presses_lead_away_from_every_page(walker: Enter, path: str, key: str) -> None:
    somebody = walker("katrine") if path.startswith("/cases") else walker()
    somebody.go(path)
    if path in ("/sign-in", "/cases/new"):
        somebody.page.locator("main input:visible, main textarea:visible").first.focus()
    for _ in range(3):
        somebody.page.keyboard.press(key)
    somebody.page.wait_for_url("**/weather")


def test_a_key_that_means_something_else_does_not_lead_away(walker: Enter) -> None:
    katrine = walker("katrine").go("/cases")
    keyboard = katrine.page.keyboard
    for _ in range(2):
        keyboard.press("?")
        expect(katrine.page.locator("#keys")).to_be_visible()
        keyboard.press("Escape")
        expect(katrine.page.locator("#keys")).to_be_hidden()
    keyboard.press("Escape")
    keyboard.press("Escape")
    for key in ("Shift", "a", "Shift", "Escape", "Shift", "b"):
        keyboard.press(key)
    katrine.page.evaluate(
        """() => { for (let i = 0; i < 4; i += 1) document.dispatchEvent(
            new KeyboardEvent("keydown", { key: "Escape", isComposing: true, bubbles: true })); }"""
    )
    katrine.at("Mine sager")


def test_the_keys_open_again_at_once(walker: Enter) -> None:
    """A machine with much to do has not drawn the page anew, and the focus is still in what was closed."""
    pressed = """() => {
        const keys = document.getElementById("keys");
        keys.showModal();
        keys.querySelector("input").focus();
        keys.close();
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }));
        return keys.open;
    }"""
    assert walker("katrine").go("/cases").page.evaluate(pressed)


def test_the_page_is_covered_before_anything_is_sent(walker: Enter) -> None:
    katrine = walker("katrine").go("/cases")
    pressed = "() => { document.querySelector('form[data-leave] button').click(); return document.body.textContent; }"
    assert katrine.page.evaluate(pressed) == ""


def test_other_pages_of_the_same_browser_go_too(walker: Enter) -> None:
    katrine = walker("katrine").go("/cases")
    other = Walker(katrine.page.context.new_page(), PASSWORD).go("/messages/")
    third = Walker(katrine.page.context.new_page(), PASSWORD).go("/help")
    katrine.press("Forlad siden")
    for somebody in (katrine, other, third):
        somebody.page.wait_for_url("**/weather")


def test_pages_of_the_same_browser_end_with_the_session(walker: Enter) -> None:
    katrine = walker("katrine").go("/cases")
    other = Walker(katrine.page.context.new_page(), PASSWORD).go("/messages/")
    katrine.sign_out()
    other.at("Log ind")


@pytest.mark.parametrize("width", [1360, 390])
def test_the_button_is_first_by_key_large_enough_and_always_in_view(walker: Enter, width: int) -> None:
    katrine = walker("katrine", width=width).go("/cases/new")
    button = katrine.page.locator("form[data-leave] button")
    katrine.page.keyboard.press("Tab")
    expect(katrine.page.locator("button.skipnav")).to_be_focused()
    katrine.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    box = button.bounding_box()
    assert box and box["height"] >= (44 if width < 800 else 40) and box["y"] >= 0
    is_on_top = """one => { const at = one.getBoundingClientRect();
        return one.contains(document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2)); }"""
    assert button.evaluate(is_on_top)
    katrine.page.locator("button.skipnav").focus()
    katrine.page.keyboard.press("Enter")
    katrine.page.wait_for_url("**/weather")


def test_a_link_from_elsewhere_leads_to_the_page_of_who_is_signed_in(walker: Enter, address: str) -> None:
    katrine = walker("katrine").go("/help")
    katrine.page.goto(address.replace("127.0.0.1", "localhost") + "/help")
    katrine.page.evaluate("to => { window.location.href = to; }", f"{address}/cases")
    katrine.at("Mine sager")
