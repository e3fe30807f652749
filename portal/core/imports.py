"""Cases that come from a spreadsheet: what a column can be, how far an import is, and what a row is."""

from enum import StrEnum


class ImportState(StrEnum):
    """How far an import is."""

    MAPPING = "mapping"
    CHECKED = "checked"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"


class ImportField(StrEnum):
    """What a column can hold."""

    OWN_NUMBER = "own_number"
    NAME = "name"
    CPR = "cpr"
    BIRTH_YEAR = "birth_year"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    LANGUAGE = "language"
    INTERPRETER = "interpreter"
    PROTECTION = "protection"
    MUNICIPALITY = "municipality"
    ADMITTED_ON = "admitted_on"
    PLANNED_MOVE_ON = "planned_move_on"
    MOVED_ON = "moved_on"
    CHILDREN = "children"
    CONTACT_PERSON = "contact_person"
    NOTE = "note"


class RowKind(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    # A case of the house that looks like hers, without this number.
    ALIKE = "alike"
    HERE = "here"
    # Here already, and other things stand in the file now.
    DIFFERS = "differs"
    WRONG = "wrong"
