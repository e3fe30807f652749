"""Tables that are handed out: text stays text."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter

SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet with headings. A cell that begins like a formula is text, and stays it."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, SAFE)
    sheet, strong = book.add_worksheet(name), book.add_format({"bold": True})
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, strong)
    sheet.set_column(0, len(headings) - 1, 24)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, str(value))
    book.close()
    return made.getvalue()
