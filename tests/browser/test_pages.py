"""The main pages of every role, at a desk and on a telephone: nothing axe finds, nothing that runs out at the side."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.walker import Walker

# Who looks at which pages; the first words of a link lead one further, to the page of one thing.
PAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "katrine",
        (
            "/day",
            "/cases",
            "/cases/new",
            "/referrals/",
            "/referrals/new",
            "/meetings/",
            "/meetings/month",
            "/programmes/",
            "/messages/",
            "/account",
        ),
    ),
    ("henrik", ("/day", "/cases", "/referrals/")),
    ("lone", ("/day", "/referrals/inbox", "/programmes/")),
    ("maja", ("/day", "/cases", "/follow-ups/", "/meetings/")),
    ("sofie", ("/day", "/groups/", "/meetings/")),
    ("anne", ("/day", "/housing/")),
    ("jonas", ("/day", "/tasks/pool", "/tasks/new", "/volunteers/", "/furnishing/")),
    ("ida", ("/tasks/", "/tasks/mine", "/tasks/hours")),
    ("bodil", ("/tasks/",)),
    ("peter", ("/grants/",)),
    ("birgitte", ("/grants/",)),
    ("eva", ("/grants/",)),
    ("ditte", ("/reports/", "/reports/cases", "/referrals/closing")),
    ("rikke", ("/day",)),
    ("jens", ("/day",)),
    ("mette", ("/day",)),
)
# Pages of one thing, found as the first link in a list of them.
FIRST: tuple[tuple[str, str, str], ...] = (
    ("katrine", "/cases", "/cases/"),
    ("katrine", "/referrals/", "/referrals/"),
    ("katrine", "/programmes/", "/programmes/"),
    ("lone", "/referrals/inbox", "/referrals/requests/"),
    ("maja", "/follow-ups/", "/follow-ups/"),
    ("maja", "/cases", "/cases/"),
    ("sofie", "/groups/", "/groups/"),
    ("anne", "/housing/", "/housing/"),
    ("jonas", "/tasks/pool", "/tasks/"),
    ("jonas", "/volunteers/", "/volunteers/"),
    ("jonas", "/furnishing/", "/furnishing/"),
    ("peter", "/grants/", "/grants/"),
    ("maja", "/meetings/", "/meetings/"),
)
WIDTHS = (1360, 390)


def violations(walker: Walker) -> list[str]:
    """What axe finds, one line each."""
    found = Axe().run(walker.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]]


def look(walker: Walker, name: str) -> list[str]:
    """Everything that is wrong with the page that is open."""
    wrong = violations(walker)
    wide = walker.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        wrong.append(f"runs {wide} px out at the side")
    walker.shot(name)
    return [f"{name} ({walker.page.viewport_size and walker.page.viewport_size['width']}): {line}" for line in wrong]


def named(key: str, path: str) -> str:
    """A file's name for a page."""
    return f"{key}{path.rstrip('/').replace('/', '_')}"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("key", "paths"), PAGES, ids=[key for key, _ in PAGES])
def test_every_page_is_for_everybody(
    walker: Callable[..., Walker], key: str, paths: tuple[str, ...], width: int
) -> None:
    somebody = walker(key, width=width)
    wrong = []
    for path in paths:
        wrong += look(somebody.go(path), named(key, path))
    for _, path, begin in [row for row in FIRST if row[0] == key]:
        links = somebody.go(path).main.locator(f"a[href^='{begin}']").evaluate_all("all => all.map(a => a.pathname)")
        mine = [link for link in links if len(link.rstrip("/").split("/")[-1]) == 22]
        assert mine, f"{key} finds nothing to open at {path}"
        wrong += look(somebody.go(mine[0]), named(key, path) + "_one")
    assert wrong == []


def test_pages_before_the_door(walker: Callable[..., Walker]) -> None:
    wrong = []
    for width in WIDTHS:
        somebody = walker(width=width)
        for path in ("/sign-in", "/help", "/accessibility", "/weather", "/demo/mail"):
            wrong += look(somebody.go(path), named("nobody", path))
    assert wrong == []
