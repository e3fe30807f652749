"""Puts a mark into every sealed value of a filled world."""

import base64
import io
import zipfile
from typing import Any

import sqlalchemy as sa

from portal.db import Base, db
from portal.models.cases import Case
from portal.models.owners import sealed_columns
from portal.models.raw import APPEND_ONLY
from portal.queries.subject_rows import CLASSES
from portal.vault import Encrypted
from tests.policy.everything import Filled, key_of
from tests.policy.marks import Marks, Place

# What pages read as a number or an address must look like one.
NUMBERS = {"cpr_number": (10, "01"), "phone": (8, "2"), "account": (14, "9")}

# What stands open in the database, and in no page of somebody who may not know of the case.
REFERENCES = ("reference", "lead_reference")
# Numbers of a choice, places in a text, a year: no words that a mark could stand in; and documents that this world
# leaves empty.
NOT_WORDS = {("measure", "answers"), ("dossier_text", "spans"), ("client", "birth_year")} | {
    ("case_import", "content"), ("case_import", "findings"), ("import_key", "fingerprints"),
    ("import_layout", "fields"), ("safety_plan", "sections"), ("stay_correction", "original"),
}  # fmt: skip


def mark_everything(made: Filled) -> Marks:
    """Give every sealed value of every row a mark of its own, and note the references of cases as they are."""
    marks = made.marks
    for table in Base.metadata.sorted_tables:
        columns = sealed_columns(table)
        if not columns or table.name in APPEND_ONLY:
            continue
        for row in db.session.scalars(sa.select(CLASSES[table.name])):
            for column, kind in columns:
                if getattr(row, column.name) is None and _must_stay_empty(made, row, column):
                    continue
                key = key_of(table, row)
                place = Place(table.name, column.name, key, made.case_of.get((table.name, key)))
                setattr(row, column.name, _marked(marks, getattr(row, column.name), kind, place))
    for case in db.session.scalars(sa.select(Case)):
        for name in REFERENCES:
            marks.put(getattr(case, name), Place("client_case", name, case.id, case.id))
    db.session.commit()
    return marks


def _must_stay_empty(made: Filled, row: Any, column: sa.Column[Any]) -> bool:
    """Only an app has a secret, and of level 2 no address is kept."""
    return (column.name == "address" and getattr(row, "protection_level", 0) == 2) or (
        column.table.name == "factor" and column.name == "secret"
    )


def _marked(marks: Marks, value: Any, kind: Any, place: Place) -> Any:
    if not isinstance(kind, Encrypted):
        return _document(marks, value, place)
    if place.column in NUMBERS:
        return marks.put(marks.digits(*NUMBERS[place.column]), place)
    if place.column == "secret":
        return marks.put(marks.secret(), place)
    mark = marks.put(marks.new(), place)
    if place.table == "subject_export":
        return packed(mark)
    if place.table == "case_document" and place.column == "content":
        return base64.b64encode(mark.encode()).decode()
    if place.column == "email":
        return f"{mark}@example.org"
    return f"{mark} {marks.put(marks.new(), place)}" if place.column == "name" else mark


def packed(text: str) -> str:
    """A file for handing over, as it is kept until somebody fetches it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as inside:
        inside.writestr("dokument.html", text)
    return base64.b64encode(file.getvalue()).decode()


def _document(marks: Marks, value: Any, place: Place) -> Any:
    """The same document with a mark for every free text; answers that are chosen from a list stay."""
    if isinstance(value, dict):
        return {key: _document(marks, one, place) for key, one in value.items()}
    if isinstance(value, list):
        return [_document(marks, one, place) for one in value]
    return marks.put(marks.new(), place) if isinstance(value, str) and " " in value else value
