"""The field of a form that holds a table, and tables that are handed out: text stays text in both directions."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import StopValidation

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.uploads import TooLarge, Unsupported
from portal.uploads.sheets import Sheet, read

STATUS = {Unsupported: 415, TooLarge: 413}
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class SheetUpload(FileField):
    """A table, read while the form is checked. Its name and the file itself are not kept."""

    data: Any
    sheet: Sheet | None = None
    status = 422

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = valuelist[0] if valuelist else None
        self.data = sent.stream.read() if isinstance(sent, FileStorage) and sent else None

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            raise StopValidation(_("Choose a file."))
        try:
            self.sheet = read(self.data)
        except Invalid as refusal:
            self.status = STATUS.get(type(refusal), self.status)
            raise StopValidation(str(refusal)) from refusal


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
