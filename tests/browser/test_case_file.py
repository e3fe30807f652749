"""The file of a case, from the day she moves in: what her contact person writes at a desk and with a telephone."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.walker import Walker

Enter = Callable[..., Walker]
# So many keys tell that she was reached, from the page of her case.
MOST_KEYS = 6
# So many taps tell of new violence, from the page of her case; what is written beside them may wait.
MOST_TAPS = 5


def part(somebody: Walker, case: str, area: str, rest: str = "") -> Walker:
    """Open a part of the file of a case."""
    return somebody.go(case.replace("/cases/", f"/{area}/") + rest)


def test_what_is_said_is_written_corrected_and_nothing_is_lost(walker: Enter) -> None:
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    katrine.go(case + "/notes").fill({"Notat": "Hun vil gerne bo ved vandet."})
    katrine.fill({"Dag": steps.ahead(-2), "Klokkeslæt": "10.30"}).press("Gem notatet")
    katrine.see("Hun vil gerne bo ved vandet.").follow("Skriv en rettelse")
    katrine.fill({"Notat": "Hun vil gerne bo tæt på sin søster."}).press("Gem notatet")
    katrine.see("Hun vil gerne bo tæt på sin søster.", "Hun vil gerne bo ved vandet.").shot("katrine_journal")

    part(katrine, case, "contacts").choose({"Med hvem?": "Læge eller hospital", "Hvordan?": "Telefon"})
    katrine.pick("Vi kontaktede dem", "Helbred", "Økonomi: gæld")
    katrine.choose({"Blev noget om hende fortalt?": "Intet om hende blev fortalt"})
    katrine.press("Notér kontakten").see("Læge eller hospital", "Helbred")


def test_six_keys_from_the_list_of_the_day_say_that_she_was_reached_and_for_how_long(walker: Enter) -> None:
    """R-755: to the row, log, reached, on to the minutes, the first of them, and done."""
    katrine = walker("katrine")
    katrine.go("/day")
    steps.before_a_row_with_a_log(katrine)
    keys = ("j", "l", "Space", "Tab", "Space", "Enter")
    assert len(keys) <= MOST_KEYS
    for key in keys[:2]:
        katrine.page.keyboard.press(key)
    katrine.at("Journal")
    for key in keys[2:]:
        katrine.page.keyboard.press(key)
    expect(katrine.page.locator("#messages")).to_contain_text("Kontakten er noteret")
    katrine.see("Kontakt i dag", "Telefonsamtale", "5 min")


def test_two_taps_and_one_choice_on_a_telephone(walker: Enter) -> None:
    ditte = walker("maja", width=390, has_touch=True)
    ditte.go("/day").shot("maja_day")
    ditte.page.get_by_role("link", name=re.compile("^Notér en kontakt")).first.tap()
    ditte.page.get_by_label("Lagde en besked").tap()
    ditte.shot("maja_log")
    ditte.page.get_by_role("button", name="Notér kontakten").tap()
    expect(ditte.page.locator("#messages")).to_contain_text("Kontakten er noteret")


def test_on_a_telephone_the_part_one_is_in_stands_beside_the_others_and_not_over_them(walker: Enter) -> None:
    katrine = walker("katrine", width=390)
    case = steps.open_case(katrine)
    for path in ("/notes", "/consents"):
        katrine.go(case + path)
        here = katrine.page.locator(".file-parts [aria-current]").bounding_box()
        before = katrine.page.locator(".file-parts a:has(+ [aria-current])").bounding_box()
        assert here and before
        assert before["x"] + before["width"] <= here["x"] and here["x"] + here["width"] <= 390


def test_her_goal_her_needs_and_her_plan_for_the_stay(walker: Enter) -> None:
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    steps.make_ready(katrine, case)
    part(katrine, case, "plans").follow("Skriv et mål ned").choose({"Område": "Bolig"})
    katrine.fill({"Hvad vil hun?": "Mit eget sted med en dør, jeg kan låse."})
    katrine.fill({"Hvad viser jer begge": "En lejekontrakt i hendes navn."}).press("Gem målet")
    katrine.see("Mit eget sted med en dør, jeg kan låse.")

    part(katrine, case, "plans", "/needs").pick("Ved indflytning", "Hun siger")
    katrine.fill({"Dag": steps.ahead(0)})
    for area in katrine.main.get_by_role("group").filter(has_text="stort på alle måder").all():
        area.get_by_text("2 noget").click()
    katrine.press("Gem tallene").see("Ved indflytning").shot("katrine_needs")

    part(katrine, case, "plans", "/stay/draft").fill({"Hvad vil hun med opholdet?": "Ro, og at børnene sover igen."})
    katrine.press("Gem kladden").see("Ro, og at børnene sover igen.").shot("katrine_stay_plan")
    part(katrine, case, "plans", "/for-her").see("Mit eget sted med en dør, jeg kan låse.").shot("katrine_for_her")


def test_a_photo_is_kept_without_what_it_tells(walker: Enter, tmp_path: Path) -> None:
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    photo, told = BytesIO(), Image.Exif()
    told[0x010E] = "Solvej 12"
    Image.new("RGB", (80, 60), "teal").save(photo, "JPEG", exif=told)
    sent = {"name": "IMG_solvej.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    part(katrine, case, "documents", "/new").page.locator("input[type=file]").set_input_files(files=[sent])  # type: ignore[list-item]
    katrine.choose({"Hvad det er": "Foto"}).fill({"Hvad handler det om": "Skade på døren"})
    katrine.fill({"Dokumentets dato": steps.ahead(-1)}).press("Læg den i sagen").see("Skade på døren")
    katrine.see_not("solvej").shot("katrine_papers")
    with katrine.page.expect_download() as fetched:
        katrine.follow("Skade på døren")
    kept = tmp_path / "kept"
    fetched.value.save_as(kept)
    assert "olvej" not in fetched.value.suggested_filename
    assert b"Solvej" in photo.getvalue() and b"Solvej" not in kept.read_bytes()
    with Image.open(kept) as picture:
        assert not picture.getexif()


def test_new_violence_is_told_in_a_minute_on_a_telephone(walker: Enter) -> None:
    katrine = walker("katrine", width=390)
    case = steps.open_case(katrine)
    katrine.go(case)
    katrine.clicks = 0
    katrine.follow("Ny vold").at("Ny vold").shot("katrine_violence")
    katrine.main.get_by_label("Stalking").check()
    katrine.pick("Tidligere partner", "I dag")
    katrine.press("Registrér")
    assert katrine.clicks + 3 <= MOST_TAPS
    katrine.see("Ny vold").shot("katrine_safety_after")
    katrine.go(case)
    katrine.see("Se på hendes sikkerhed nu")


def test_a_concern_for_a_child_goes_out_and_its_receipt_is_waited_for(walker: Enter) -> None:
    katrine = walker("katrine")
    case = steps.open_case(katrine)
    part(katrine, case, "children", "/new").fill({"Navn": "Barn 1", "Fødselsår": "2018"}).press("Gem")
    katrine.follow("Barn 1").at("Barn 1").follow("Skriv en underretning").at("Underretning")
    # The duty is hers: the page says so, and no leave of anybody is asked for.
    katrine.see("Pligten er din personligt.", "§ 133")
    katrine.fill({"Hvad har du set eller hørt": "Han sover ikke, og siger at far har slået mor."})
    katrine.pick("Der er mistanke om vold").press("Skriv underretningen").see("Forældrene får ikke besked")
    katrine.choose({"Til hvilken kommune?": "Aarhus", "Hvordan blev den sendt?": "Digital Post"})
    katrine.press("Notér som sendt")
    katrine.see("Kvittering senest").shot("katrine_concern")
    part(katrine, case, "plans", "/for-her").see_not("nderretning")
    katrine.go("/day?span=all").see("Kvittering")
