"""Long lists of who did what: on a telephone every line is read without moving it sideways."""

from collections.abc import Callable

import pytest

from tests.browser import steps
from tests.browser.walker import Walker

Enter = Callable[..., Walker]
SIDEWAYS = "all => all.some(one => one.scrollWidth > one.clientWidth)"


def fits(somebody: Walker) -> bool:
    """Whether nothing of the page is cut off at its right edge."""
    page = somebody.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return page and not somebody.page.locator(".scroll").evaluate_all(SIDEWAYS)


@pytest.mark.parametrize("width", [1360, 390])
def test_who_has_looked_and_why_is_read_whole(walker: Enter, width: int) -> None:
    katrine = walker("katrine", width=width)
    case = steps.open_case(katrine)
    katrine.go(case + "/address").pick("Navne- og adressebeskyttelse").fill({"Ny adresse": "Opdigtet Vej 3"})
    katrine.press("Gem").page.wait_for_url(case)
    why = "Hun skal hentes hjem i dag, og taxaen skal vide hvorhen den skal køre."
    katrine.go(case + "/address/reveal").fill({"Hvad skal du bruge": why}).press("Vis adressen").see("Opdigtet Vej 3")
    katrine.go(case + "/looks").see("Adresse eller anden beskyttet oplysning vist", why)
    assert fits(katrine)
    katrine.shot("looks")
    katrine.go(case + "/looks/report").see("Adresse eller anden beskyttet oplysning vist")
    assert fits(katrine)


@pytest.mark.parametrize("path", ["/audit/", "/audit/views"])
@pytest.mark.parametrize("width", [1360, 390])
def test_the_audit_trail_is_read_whole(walker: Enter, width: int, path: str) -> None:
    rikke = walker("rikke", width=width).go(path)
    assert rikke.main.locator("tbody tr").count() > 5
    assert fits(rikke)
    rikke.shot("audit" + path.rstrip("/").replace("/", "_"))
