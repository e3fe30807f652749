"""Tables that somebody hands in, as plain text: a spreadsheet's first sheet, or separated values (R-710).

Formulas stay text and are never worked out; nothing is followed, and the file itself is not kept.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.uploads.intake import MOST_BYTES
from portal.uploads.refusals import TooLarge, Unsupported

MOST_ROWS = 10_000
MOST_COLUMNS = 60
LONGEST_CELL = 5_000
# What a spreadsheet may unpack to, and into how many parts.
MOST_UNPACKED = 120 * 1024 * 1024
MOST_PARTS = 500
SEPARATORS = ";\t,"
_ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
NOT_A_TABLE = _("This is not a table that can be read. Save it as xlsx, or as csv, and choose it again.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first row, and the filled rows below it with the number that the spreadsheet shows beside each."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]


def read(content: bytes) -> Sheet:
    """The table in a file. Raises Unsupported, TooLarge, Invalid (field `file`)."""
    if not content.strip():
        raise Invalid(_("The file is empty. Choose another one."), field="file")
    if len(content) > MOST_BYTES:
        raise TooLarge
    lines = _of_workbook(content) if content[:4] == b"PK\x03\x04" else _of_text(content)
    return _sheet(lines)


def _sheet(lines: Iterable[list[str]]) -> Sheet:
    headings: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(lines, start=1):
        cells = _trimmed(cells)
        _check_size(cells)
        if number == 1:
            headings = cells
        elif cells:
            rows.append((number, cells))
        if len(rows) > MOST_ROWS:
            raise Invalid(
                _("The file has more than %(num)d rows. Send it in parts.", num=MOST_ROWS),
                field="file",
            )
    if not headings:
        raise Invalid(_("The first row is empty. It must say what each column is."), field="file")
    if not rows:
        raise Invalid(_("There is no row below the headings."), field="file")
    return Sheet(headings, rows)


def _check_size(cells: list[str]) -> None:
    if len(cells) > MOST_COLUMNS:
        raise Invalid(_("The file has more than %(num)d columns.", num=MOST_COLUMNS), field="file")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise Invalid(_("A cell holds more than %(num)d characters.", num=LONGEST_CELL), field="file")


def _trimmed(cells: list[str]) -> list[str]:
    """Without blanks around, and without empty cells at the end."""
    cells = [cell.strip(" \u00a0\r\n") for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _of_text(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        yield from reader
    except csv.Error as problem:
        raise Unsupported(NOT_A_TABLE) from problem


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else what Danish spreadsheets on Windows write."""
    if b"\0" in content or content.startswith((b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0")):
        raise Unsupported(NOT_A_TABLE)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            return content.decode("latin-1")


def _separator(text: str) -> str:
    """The sign that the first line has most of, outside quotes."""
    first = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").splitlines()[0] if text.strip() else "")
    return max(SEPARATORS, key=first.count)


def _of_workbook(content: bytes) -> Iterator[list[str]]:
    _must_be_sane(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_row=MOST_ROWS * 2, max_col=MOST_COLUMNS + 1, values_only=True):
            yield [_plain(value) for value in row]
    except Invalid:
        raise
    except Exception as problem:  # whatever a broken workbook makes of the reader
        raise Unsupported(NOT_A_TABLE) from problem


def _must_be_sane(content: bytes) -> None:
    """Not larger inside than it may be, and nothing in it that grows while it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise TooLarge
            if "xl/workbook.xml" not in packed.namelist():
                raise Unsupported(NOT_A_TABLE)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with packed.open(part) as opened:
                        if _ENTITIES.search(opened.read(4096)):
                            raise Unsupported(NOT_A_TABLE)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as problem:
        raise Unsupported(NOT_A_TABLE) from problem


def _plain(value: Any) -> str:
    """A cell as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime | date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, time):
        return f"{value:%H.%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
