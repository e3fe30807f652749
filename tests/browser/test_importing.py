"""A house brings its own list: mapped, tried, put right, in at once, and the second time nothing happens."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from openpyxl import load_workbook

from portal.core.clock import utc_now
from portal.jobs.imports import run_imports
from portal.wall import as_system
from tests.browser.walker import Walker
from tests.factories.imports import AT, BROKEN, as_xlsx, good_row

Enter = Callable[..., Walker]
COLLEAGUE = "tove@bro.example"
ROWS = 300
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def hand_in(katrine: Walker, rows: list[list[str]]) -> None:
    """A file, and the columns as they were guessed."""
    sent = {"name": "liste.xlsx", "mimeType": SHEET, "buffer": as_xlsx(rows)}
    katrine.go("/imports/new").page.locator("input[type=file]").set_input_files(files=[sent])  # type: ignore[list-item]
    katrine.press("Læs filen").at("Hvad er kolonnerne?").press("Tjek rækkerne")


def test_three_hundred_rows_with_twenty_kinds_of_mistakes(walker: Enter, portal: Flask, tmp_path: Path) -> None:
    katrine = walker("katrine")
    good = [good_row(number, COLLEAGUE) for number in range(ROWS)]
    broken = [list(row) for row in good]
    for at, (field, text, _code) in enumerate(BROKEN, start=1):
        broken[at * 9][AT[field]] = text
    hand_in(katrine, broken)
    katrine.see("Fejl og advarsler", "Ret rækkerne nedenfor").shot("katrine_import_errors")
    with katrine.page.expect_download() as fetched:
        katrine.follow("Hent dem alle som regneark")
    fetched.value.save_as(tmp_path / "fejl.xlsx")
    told = load_workbook(tmp_path / "fejl.xlsx").active
    assert told is not None and told.max_row > len(BROKEN) > 20

    hand_in(katrine, good)
    katrine.press("Opret sagerne").shot("katrine_import_begun")
    with portal.app_context(), as_system():
        assert run_imports(utc_now()) == ROWS
    katrine.page.reload()
    katrine.see("300").shot("katrine_import_done")

    hand_in(katrine, good)
    katrine.see("Alle rækker er her allerede.").shot("katrine_import_again")
