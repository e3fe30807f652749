"""The days that count: a planned move that is put off, more time that is asked for, and notices that name nobody."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.walker import Walker
from tests.support.pdf import everything_in

Enter = Callable[..., Walker]


def stay(walker: Enter) -> tuple[Walker, str]:
    """A woman who moved in two months ago, and plans to move out in five weeks."""
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    steps.make_ready(katrine, case)
    return katrine, case


def test_what_follows_a_date_moves_with_it_and_says_so(walker: Enter) -> None:
    katrine, case = stay(walker)
    katrine.go(case + "/move").fill({"Forventet flytning": steps.ahead(45)}).press("Gem den forventede dag")
    said = katrine.page.locator("#messages")
    expect(said).to_contain_text("Flyttet med")
    expect(said).to_contain_text("Tilbud om koordinerende rådgivning")
    katrine.go(case.replace("/cases/", "/deadlines/")).see("flyttet med", "Hvor fristen kommer fra")
    katrine.shot("katrine_deadlines")
    katrine.go("/deadlines/rules").see("Efter loven", "3 hverdage").shot("katrine_rules")


def test_more_time_has_a_reason_and_is_given_by_her_lead(walker: Enter) -> None:
    katrine, case = stay(walker)
    katrine.go(case.replace("/cases/", "/deadlines/")).follow("Bed om mere tid").see("Opholdsplan har frist")
    katrine.fill({"Ny dag": steps.ahead(200), "Hvorfor der er brug": "Hun har været indlagt i to uger."})
    katrine.press("Spørg lederen").see("Vælg en dag efter den nuværende frist")
    # Nothing of what was typed is lost.
    expect(katrine.page.get_by_label("Hvorfor der er brug")).to_have_value("Hun har været indlagt i to uger.")
    katrine.fill({"Ny dag": steps.ahead(-10)}).press("Spørg lederen")
    katrine.go(case.replace("/cases/", "/deadlines/")).see("venter på svar")

    sidsel = walker("sidsel")
    sidsel.go("/deadlines/late").see("Hun har været indlagt i to uger.").shot("sidsel_late")
    wish = sidsel.page.locator("#wishes li").filter(has_text="Hun har været indlagt i to uger.")
    sidsel.press("Giv tiden", within=wish)
    katrine.page.reload()
    katrine.see("mere tid").shot("katrine_more_time")


def test_a_notice_of_somebody_who_is_anonymous_holds_neither_name_nor_number(walker: Enter, tmp_path: Path) -> None:
    katrine, case = stay(walker)
    katrine.go(case).main.locator("#next a[href*='/notices/']").first.click()
    katrine.at("Orientering").see("Anonym").shot("katrine_notice")
    with katrine.page.expect_download() as fetched:
        katrine.follow("Hent orienteringen som PDF")
    fetched.value.save_as(tmp_path / "notice.pdf")
    held = everything_in((tmp_path / "notice.pdf").read_bytes()) + fetched.value.suggested_filename
    assert "anonym" in held.casefold()
    assert not re.search(r"\d{6}-\d{4}", held)
    katrine.fill({"Sendt": steps.ahead(0)}).press("Markér som sendt")
    katrine.go(case)
    expect(katrine.page.locator("#next")).not_to_contain_text("Orientering om optagelse")
