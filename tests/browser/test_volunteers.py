"""Tasks for volunteers: nothing about her before the yes, and one of two who reach for the same task."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.walker import Walker

Enter = Callable[..., Walker]


def put_up(jonas: Walker, days: int) -> None:
    """A task on the board, with an address that nobody may see yet."""
    jonas.go("/tasks/new")
    jonas.page.locator("select[name=kind]").select_option("move_boxes")
    jonas.page.locator("select[name=region]").select_option("Midtjylland")
    jonas.page.locator("input[name=on]").fill(steps.ahead(days))
    jonas.page.locator("input[name=starts]").fill("10.00")
    jonas.page.locator("input[name=ends]").fill("13.00")
    jonas.page.locator("input[name=address]").fill("Hemmeligvej 17, 9999 Intetsted")
    jonas.page.locator("input[name=alias]").fill("Kvinden med kasserne")
    jonas.press("Slå opgaven op").at("Frivilligopgaver")


def newest(somebody: Walker) -> str:
    """The id of the task's card on the board."""
    cards = somebody.page.locator("article.task-card:not(.mine)")
    return cards.filter(has=somebody.page.locator("form[action$='/claim']")).first.get_attribute("id") or ""


def test_two_reach_for_the_same_task(walker: Enter) -> None:
    put_up(walker("jonas"), 2)
    mikkel, emil = walker("mikkel", width=390).go("/tasks/"), walker("emil", width=390).go("/tasks/")
    for somebody in (mikkel, emil):
        somebody.see_not("Hemmeligvej", "Kvinden med kasserne")
    mikkel.shot("mikkel_board")
    card = newest(mikkel)
    for somebody in (mikkel, emil):
        expect(somebody.page.locator(f"#{card}")).to_be_visible()
    mikkel.press("Tag opgaven", within=mikkel.page.locator(f"#{card}")).see("Du har taget den")
    emil.press("Tag opgaven", within=emil.page.locator(f"#{card}"))
    emil.see("Nogen nåede det først")
    emil.shot("emil_too_late")
    mikkel.go("/tasks/mine").follow("Åbn").see_not("Hemmeligvej", "Kvinden med kasserne")
    mikkel.unfold("Giv opgaven tilbage").press("Giv den tilbage")


def test_a_task_is_taken_without_javascript(walker: Enter) -> None:
    put_up(walker("jonas"), 3)
    samira = walker("mikkel", width=390, java_script_enabled=False).go("/tasks/")
    card = newest(samira)
    samira.press("Tag opgaven", within=samira.page.locator(f"#{card}"))
    samira.go("/tasks/mine").see_not("Hemmeligvej")
    expect(samira.page.locator("article.mine, .task-card").first).to_be_visible()
