"""Tables as they are handed in: how they are read, and what is refused."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from portal.core.errors import Invalid
from portal.uploads import TooLarge, Unsupported
from portal.uploads.sheets import MOST_ROWS, read
from portal.web.sheets import workbook
from tests.factories.imports import as_csv, as_xlsx

ROWS = [["A-1", "Åse Ærlig", 'to\nlinjer; "ja"'], ["A-2", "Łucja", ""]]
HEADS = ["Nr", "Navn", "Note"]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_values_separated_by_any_sign_are_read(separator: str, encoding: str) -> None:
    sheet = read(as_csv(ROWS, separator=separator, encoding=encoding, heads=HEADS))
    assert sheet.headings == HEADS
    assert sheet.rows == [(2, ROWS[0]), (3, ROWS[1][:2])]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_what_windows_writes_is_read(encoding: str) -> None:
    assert read(as_csv([["1", "Åse Ærlig Ø"]], encoding=encoding, heads=HEADS)).rows == [(2, ["1", "Åse Ærlig Ø"])]


def test_the_number_of_a_row_is_the_one_that_the_spreadsheet_shows() -> None:
    sheet = read(as_csv([["1"], ["", ""], [" 3 "]], heads=["Nr"]))
    assert sheet.rows == [(2, ["1"]), (4, ["3"])]


def test_a_spreadsheet_is_read_as_typed_and_formulas_are_not_worked_out() -> None:
    book, made = Workbook(), BytesIO()
    book.active.append(["Nr", "Dag", "Tal", "Formel", "Ja"])
    book.active.append([1, date(2026, 10, 2), 12345678.0, "=1+1", True])
    book.create_sheet("Andet ark").append(["læses ikke"])
    book.save(made)
    sheet = read(made.getvalue())
    assert sheet.rows == [(2, ["1", "02.10.2026", "12345678", "=1+1", "ja"])]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", Invalid),
        (b"   \r\n", Invalid),
        (b"%PDF-1.7", Unsupported),
        (b"\xd0\xcf\x11\xe0old", Unsupported),
        (b"Nr;\0", Unsupported),
        (b'Nr\r\n"a"b\r\n', Unsupported),
        (b"PK\x03\x04broken", Unsupported),
        (b"x" * (10 * 1024 * 1024 + 1), TooLarge),
        (b";;\r\n1;2;3", Invalid),
        (b"Nr", Invalid),
        (b"Nr\r\n" + b";".join([b"x"] * 61), Invalid),
        (b"Nr\r\n" + b"x" * 5001, Invalid),
        (b"Nr\r\n" + b"1\r\n" * (MOST_ROWS + 1), Invalid),
        (as_xlsx([["1"]] * (MOST_ROWS + 1), heads=["Nr"]), Invalid),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, error: type[Invalid]) -> None:
    with pytest.raises(error) as refusal:
        read(content)
    assert refusal.value.field == "file"


def test_ten_thousand_rows_are_read() -> None:
    assert len(read(b"Nr\r\n" + b"1\r\n" * MOST_ROWS).rows) == MOST_ROWS


def _changed(part: str, content: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(as_xlsx([["1"]], heads=["Nr"]))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def test_nothing_that_grows_while_it_is_read() -> None:
    sheet = "xl/worksheets/sheet1.xml"
    with pytest.raises(Unsupported):
        read(_changed(sheet, b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'))
    with pytest.raises(Unsupported):
        read(_changed(sheet, b"<worksheet"))
    with pytest.raises(TooLarge):
        read(_changed(sheet, b" " * (121 * 1024 * 1024)))
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    with pytest.raises(Unsupported):
        read(made.getvalue())


def test_what_is_handed_out_stays_text() -> None:
    cells = ["=HYPERLINK(1)", "+cmd", "-1", "@SUM(1)", "\tx", "https://example.invalid", "007"]
    sheet = load_workbook(BytesIO(workbook("Ark", ["A"], [[3, cell] for cell in cells]))).active
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == cells
    assert {row[1].data_type for row in sheet.iter_rows(min_row=2)} <= {"s", "inlineStr"}
    assert all(row[1].hyperlink is None for row in sheet.iter_rows(min_row=2))
