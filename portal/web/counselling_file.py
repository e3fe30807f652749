"""The figures on counselling as a spreadsheet: nothing in it is read as a formula or an address."""

from datetime import date
from io import BytesIO

import xlsxwriter
from flask_babel import gettext as _

from portal.domain.counselling_figures import PARTS, Report
from portal.domain.instruments import FEW
from portal.domain.labels.counselling import FIGURES
from portal.domain.labels.counselling import PARTS as HEADINGS

FILE_NAME = "tal.xlsx"
FILE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}


def workbook(report: Report, period: tuple[date, date], house: str) -> bytes:
    """One sheet: the period, then every part with its rows and what they sum up to."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, SAFE)
    sheet, strong = book.add_worksheet(_("Figures")), book.add_format({"bold": True})
    sheet.set_column(0, 0, 52)
    sheet.write_string(0, 0, house, strong)
    sheet.write_string(1, 0, f"{period[0]:%d.%m.%Y} – {period[1]:%d.%m.%Y}")
    sheet.write_string(2, 0, str(FIGURES["moved_out"]), strong)
    sheet.write_number(2, 1, report.counts["moved_out"], strong)
    row = 4
    medians = {"start": report.median_start, "length": report.median_length}
    for part in PARTS:
        sheet.write_string(row, 0, str(HEADINGS[part.key]), strong)
        sheet.write_string(row, 1, f"n = {report.counts[part.of]}", strong)
        for key in part.rows:
            row += 1
            sheet.write_string(row, 0, str(FIGURES[key]))
            sheet.write_number(row, 1, report.counts[key])
            if 0 < report.counts[key] < FEW:
                sheet.write_string(row, 2, _("few"))
        middle = medians.get(part.key)
        if middle is not None:
            row += 1
            sheet.write_string(row, 0, _("The middle one, in days"))
            sheet.write_number(row, 1, middle)
        row += 2
    book.close()
    return made.getvalue()
