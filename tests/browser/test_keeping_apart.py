"""Two who must not meet: whoever places one of them learns that somebody is to be asked, and nothing else."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.walker import Walker

Enter = Callable[..., Walker]
WAIT = "Nogen skal spørges, før du gør det her."


def invite(katrine: Walker, case: str) -> Walker:
    """Ask a colleague to join the team."""
    katrine.go(case + "/team").choose({"Kollega": "Tove Mørk"}).press("Tag med på teamet")
    return katrine


def test_a_colleague_who_is_kept_apart_is_asked_about_first(walker: Enter) -> None:
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    page = case.replace("/cases/", "/apart/")
    katrine.go(page).unfold("Adskilt fra en person med login")
    form = katrine.page.locator("form[action$='/person']")
    katrine.fill({"Den e-mail": "tove@bro.example", "Note til jeres eget team": "Hans kusine."}, within=form)
    katrine.press("Hold adskilt", within=form).see("tove@bro.example", "gælder").shot("katrine_apart")

    invite(katrine, case).see(WAIT)
    katrine.see_not("kusine")
    katrine.shot("katrine_must_ask")
    katrine.press("Spørg teamet")
    katrine.go(page).see("Nogen spørger dig").shot("katrine_is_asked")
    katrine.pick("Ja, denne ene gang").press("Svar").see_not("Nogen spørger dig")
    invite(katrine, case)
    expect(katrine.main).to_contain_text("2 personer kan se sagen")


def test_without_anybody_in_the_way_nothing_is_asked(walker: Enter) -> None:
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    invite(katrine, case)
    expect(katrine.main).to_contain_text("2 personer kan se sagen")
