"""A portal that really runs, with its story told, and a real browser in front of it."""

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Playwright, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.db import db
from portal.demo.logins import PASSWORD
from portal.demo.mail_taker import DEMO_KEY, MailTaker
from tests.browser.walker import Walker
from tests.support.told import build

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Chromium writes a line for every answer that is not a success; a refused form and a late click are answers we mean.
MEANT = re.compile(r"status of (422|409)\b")
WAIT_MS = 8000
# A page may take its time on a machine that does other things too: how long is for the stopwatch, not for these.
LOAD_MS = 30_000
BLANKINGS = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The machine's own Chromium. Where there is none these tests say so; in CI its absence is an error."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.environ.get("CI"):
        pytest.fail("Chromium is not installed, and CI must not go without the browser's tests.")
    if found is None:
        pytest.skip("There is no Chromium on this machine.")
    return found


@pytest.fixture(scope="session")
def player() -> Iterator[Playwright]:
    """What drives the browsers."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(player: Playwright, chromium_path: str) -> Iterator[Browser]:
    """One browser for all tests; each test has contexts of its own in it."""
    started = player.chromium.launch(executable_path=chromium_path, args=list(FLAGS))
    yield started
    started.close()


@pytest.fixture(scope="session")
def mail_taker() -> Iterator[MailTaker]:
    """Where the portal's mails go."""
    with MailTaker() as taker:
        yield taker


@pytest.fixture(scope="session")
def portal(
    told: str,
    server_url: str,
    worker_id: str,
    mail_taker: MailTaker,
    tmp_path_factory: pytest.TempPathFactory,
    chromium_path: str,
) -> Iterator[Flask]:
    """The demo with its story told, sending its mails to the taker."""
    application = build(
        server_url,
        f"bro_browser_{worker_id}_{os.getpid()}",
        copy_of=told,
        PORTAL_VAR=str(tmp_path_factory.mktemp("var")),
        MAIL_BACKEND="sendgrid",
        SENDGRID_HOST=mail_taker.host,
        SENDGRID_API_KEY=DEMO_KEY,
    )
    # Many people sign in from one address here.
    application.config["COUNT_ATTEMPTS"] = False
    yield application
    with application.app_context():
        db.engine.dispose()


class Quiet(WSGIRequestHandler):
    """Answers without writing a line for each request."""

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Write nothing."""


@pytest.fixture(scope="session")
def address(portal: Flask) -> Iterator[str]:
    """The address of the running portal."""
    server = make_server("127.0.0.1", 0, portal, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, name="portal", daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of; each test ends with an empty list."""
    return []


def put_down(context: BrowserContext) -> None:
    """Close a browser whose pages may still be on their way somewhere.

    Chromium loses the wish to close a page that arrives somewhere at that very moment, and says that it was granted:
    who waits for it waits for ever. A page that is blank is on its way nowhere.
    """
    for page in context.pages:
        for _ in range(BLANKINGS):
            # Where it was going already may come first, and then it is asked once more.
            with suppress(Error):
                page.goto("about:blank")
                break
    context.close()


@pytest.fixture
def new_context(browser: Browser, address: str, complaints: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browsers that know nothing of each other: `new_context(width=390, java_script_enabled=False)`."""
    opened: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not MEANT.search(message.text):
            complaints.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def open_(*, width: int = 1360, height: int = 900, **options: Any) -> BrowserContext:
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": height}, locale="da-DK", **options
        )
        context.set_default_timeout(WAIT_MS)
        context.set_default_navigation_timeout(LOAD_MS)
        context.on("console", note)
        context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
        opened.append(context)
        return context

    yield open_
    for context in opened:
        put_down(context)
    assert complaints == []


@pytest.fixture
def walker(new_context: Callable[..., BrowserContext]) -> Callable[..., Walker]:
    """Somebody at a desk or with a telephone: `walker("katrine")`, `walker("ida", width=390)`, signed in."""

    def enter(key: str | None = None, **options: Any) -> Walker:
        page: Page = new_context(**options).new_page()
        somebody = Walker(page, PASSWORD)
        if key is not None:
            somebody.sign_in(f"{key}@bro.example")
        return somebody

    return enter
