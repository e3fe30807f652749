"""The main pages of every role, at a desk and on a telephone: nothing axe finds, nothing that runs out at the side."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.walker import Walker
from tests.support.sizes import size

pytestmark = pytest.mark.soak

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
    ("ditte", ("/reports/", "/reports/cases", "/referrals/closing", "/admin/operations")),
    ("rikke", ("/day", "/messages/")),
    (
        "jens",
        ("/audit/", "/audit/views", "/rights/", "/rights/holds", "/retention/", "/retention/rules", "/incidents/")
        + ("/incidents/new",),
    ),
    ("mette", ("/admin/users", "/admin/operations")),
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
    """Everything that is wrong with the page that is open, at a desk and on a telephone."""
    wrong, turn = [], len(name) % len(WIDTHS)
    for number, width in enumerate(WIDTHS):
        walker.page.set_viewport_size({"width": width, "height": 900})
        # Axe takes its time; one page is searched at a desk, the next on a telephone, in a soak each on both.
        found = violations(walker) if size(number == turn, full=True) else []
        wide = walker.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found.append(f"runs {wide} px out at the side")
        walker.shot(name)
        wrong += [f"{name} ({width}): {line}" for line in found]
    return wrong


def named(key: str, path: str) -> str:
    """A file's name for a page."""
    return f"{key}{path.rstrip('/').replace('/', '_')}"


@pytest.mark.parametrize(("key", "paths"), PAGES, ids=[key for key, _ in PAGES])
def test_every_page_is_for_everybody(walker: Callable[..., Walker], key: str, paths: tuple[str, ...]) -> None:
    somebody = walker(key)
    wrong = []
    for path in paths:
        wrong += look(somebody.go(path), named(key, path))
    for _, path, begin in [row for row in FIRST if row[0] == key]:
        links = somebody.go(path).main.locator(f"a[href^='{begin}']").evaluate_all("all => all.map(a => a.pathname)")
        mine = [link for link in links if len(link.rstrip("/").split("/")[-1]) == 22]
        assert mine, f"{key} finds nothing to open at {path}"
        wrong += look(somebody.go(mine[0]), named(key, path) + "_one")
    if key == "maja":
        wrong += look_around_a_case(somebody)
    assert wrong == []


def look_around_a_case(maja: Walker) -> list[str]:
    """The pages of one case and of its courses, of every kind."""
    maja.go("/cases").page.locator("tbody tr").filter(has_text="Amira").get_by_role("link").first.click()
    maja.at("Amira")
    case = maja.page.url.split("/cases/")[-1]
    courses = maja.page.locator("#courses a[href^='/courses/']").evaluate_all("all => all.map(a => a.pathname)")
    assert len(courses) > 3
    wrong = look(maja, "maja_amira")
    rest = maja.page.locator(".file-parts a").evaluate_all("all => all.map(a => a.pathname)")
    for path in rest:
        wrong += look(maja.go(path), "maja_part_" + path.strip("/").replace(case, "").replace("/", "_"))
    parts = ("identity", "safe-contact", "stay", "move", "consents", "notes", "team", "close")
    for path in [f"/cases/{case}/{part}" for part in parts] + [f"/meetings/new?case={case}", f"/counselling/{case}"]:
        wrong += look(maja.go(path), "maja_" + path.replace(case, "").replace("/", "_").replace("?case=", ""))
    for number, course in enumerate(courses):
        wrong += look(maja.go(course), f"maja_course_{number}")
        own = maja.page.locator("#next").get_by_role("link", name="Åbn", exact=True)
        if own.count():
            wrong += look(maja.go(own.first.get_attribute("href") or ""), f"maja_course_{number}_own")
    return wrong


def test_pages_before_the_door(walker: Callable[..., Walker]) -> None:
    wrong, somebody = [], walker()
    for path in ("/sign-in", "/help", "/accessibility", "/weather", "/demo/mail"):
        wrong += look(somebody.go(path), named("nobody", path))
    assert wrong == []
