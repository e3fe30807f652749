"""One row of a house's own list, read field by field: what is wrong with it, in plain words (R-712)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.core.dates import DateProblem, parse_date
from portal.core.i18n import _
from portal.core.identity import (
    IdentityProblem,
    check_birth_year,
    check_child_birth_year,
    check_cpr,
    check_phone,
    cpr_birth_date,
)
from portal.core.imports import ImportField as F
from portal.core.problems import Problem
from portal.core.scan import SensitiveKind, scan_written
from portal.core.text import check_name, normalise, normalise_name
from portal.domain.deadlines import notice_due_on

LONGEST_NUMBER = 40
LONGEST_LANGUAGE = 120
LONGEST_NOTE = 5_000
MOST_CHILDREN = 15
YES = frozenset(["ja", "j", "x", "yes", "y", "1", "true", "sand"])
NO = frozenset(["nej", "n", "no", "0", "false", "falsk", "-"])
PROTECTION: Mapping[str, int] = {
    **dict.fromkeys(("0", "nej", "ingen", "almindelig", "none", "no"), 0),
    **dict.fromkeys(("1", "ja", "beskyttet", "navne- og adressebeskyttelse", "navneogadressebeskyttelse", "yes"), 1),
    **dict.fromkeys(("2", "særlig", "særlig adressebeskyttelse", "special"), 2),
}


@dataclass(frozen=True, slots=True)
class Issue:
    """Something about one cell: an error keeps the whole file out, a warning does not."""

    row: int
    field: F | None
    code: str
    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are read against: today, the house's people by mail address, municipalities by name and by code."""

    today: date
    people: Mapping[str, int]
    municipalities: Mapping[str, str]
    holds_cpr: bool = False
    allow_invented_cpr: bool = False


@dataclass(slots=True)
class Read:
    """A row that has been read."""

    number: int
    values: dict[F, Any] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def note(self, field: F | None, code: str, text: object, *, is_warning: bool = False) -> None:
        """Write down what is wrong with a cell."""
        self.issues.append(Issue(self.number, field, code, str(text), is_warning))

    @property
    def is_wrong(self) -> bool:
        """Whether there is more than a warning."""
        return any(not issue.is_warning for issue in self.issues)


def read_row(number: int, cells: Sequence[str], fields: Sequence[F | None], known: Known) -> Read:
    """Read one row, every cell of it, so that all that is wrong is told at once."""
    row = Read(number)
    if len(cells) > len(fields):
        row.note(None, "extra", _("The row has more cells than there are headings. Is a sign between two cells wrong?"))
    for name, text in zip(fields, cells, strict=False):
        if name is not None and text:
            _read_cell(row, name, text, known)
    _check_whole(row, known)
    return row


def _read_cell(row: Read, name: F, text: str, known: Known) -> None:
    if text.startswith("=") and name is not F.NOTE:
        row.note(name, "formula", _("The cell holds a formula. Put the value itself there."))
        return
    try:
        row.values[name] = READERS[name](text, known)
    except Problem as problem:
        row.note(name, problem.code, problem.text)


def _number(text: str, _known: Known) -> str:
    if len(text) > LONGEST_NUMBER:
        raise Problem("long", _("Write at most %(num)d characters.", num=LONGEST_NUMBER))
    return normalise(text)


def _name(text: str, _known: Known) -> str:
    return check_name(text)


def _cpr(text: str, known: Known) -> str:
    digits = re.sub(r"[ -]", "", text)
    # A spreadsheet drops the 0 at the start of a number.
    if re.fullmatch(r"[0-9]{9}", digits):
        digits = f"0{digits}"
    return check_cpr(digits if digits.isdigit() else text, allow_invented=known.allow_invented_cpr, on=known.today)


def _year(text: str, known: Known) -> int:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise IdentityProblem("year", _("Write the year with four digits."))
    return check_birth_year(int(text), on=known.today)


def _birth_date(text: str, known: Known) -> date:
    born = parse_date(text)
    check_birth_year(born.year, on=known.today)
    return born


def _phone(text: str, _known: Known) -> str:
    return check_phone(text)


def _language(text: str, _known: Known) -> str:
    if len(text) > LONGEST_LANGUAGE:
        raise Problem("long", _("Write at most %(num)d characters.", num=LONGEST_LANGUAGE))
    if scan_written(text):
        raise Problem("sensitive", _("Write only the language here."))
    return normalise(text)


def _is_yes(text: str, _known: Known) -> bool:
    word = text.casefold()
    if word not in YES | NO:
        raise Problem("yes_or_no", _("Write yes or no."))
    return word in YES


def _level(text: str, _known: Known) -> int:
    found = PROTECTION.get(" ".join(text.casefold().split()))
    if found is None:
        raise Problem("protection", _("Write 0, 1 or 2: none, name and address protection, special protection."))
    return found


def _municipality(text: str, known: Known) -> str:
    word = text.casefold().removesuffix(" kommune").strip()
    found = known.municipalities.get(word) or known.municipalities.get(word.lstrip("0"))
    if found is None:
        raise Problem("municipality", _("No municipality has this name or code."))
    return found


def _past(text: str, known: Known) -> date:
    day = parse_date(text)
    if day > known.today:
        raise DateProblem("future", _("The day has not come yet."))
    return day


def _day(text: str, _known: Known) -> date:
    return parse_date(text)


def _children(text: str, known: Known) -> int | list[int]:
    """A number up to 15, or a birth year for each child."""
    if re.fullmatch(r"[0-9]{1,2}", text):
        if int(text) > MOST_CHILDREN:
            raise Problem("many", _("Write at most %(num)d children, or their birth years.", num=MOST_CHILDREN))
        return int(text)
    words = re.split(r"[\s,;/+&]+|\bog\b", text)
    if not all(re.fullmatch(r"[0-9]{4}", word) for word in words if word):
        raise Problem("children", _("Write how many children she has, or their birth years: 2015, 2018."))
    years = [int(word) for word in words if word]
    if len(years) > MOST_CHILDREN:
        raise Problem("many", _("Write at most %(num)d children, or their birth years.", num=MOST_CHILDREN))
    return [check_child_birth_year(year, on=known.today) for year in years]


def _person(text: str, known: Known) -> int:
    found = known.people.get(text.casefold())
    if found is None:
        raise Problem("person", _("Nobody who works in cases here has this mail address."))
    return found


def _note(text: str, _known: Known) -> str:
    if any(hit.kind is SensitiveKind.CPR for hit in scan_written(text)):
        raise Problem("sensitive", _("The note holds a CPR number. Take it out."))
    return normalise(text)


READERS: Mapping[F, Callable[[str, Known], Any]] = {
    F.OWN_NUMBER: _number,
    F.NAME: _name,
    F.CPR: _cpr,
    F.BIRTH_YEAR: _year,
    F.BIRTH_DATE: _birth_date,
    F.PHONE: _phone,
    F.LANGUAGE: _language,
    F.INTERPRETER: _is_yes,
    F.PROTECTION: _level,
    F.MUNICIPALITY: _municipality,
    F.ADMITTED_ON: _past,
    F.PLANNED_MOVE_ON: _day,
    F.MOVED_ON: _past,
    F.CHILDREN: _children,
    F.CONTACT_PERSON: _person,
    F.NOTE: _note,
}


def _check_whole(row: Read, known: Known) -> None:
    """What must fit together."""
    values = row.values
    if F.OWN_NUMBER not in values and not any(issue.field is F.OWN_NUMBER for issue in row.issues):
        row.note(F.OWN_NUMBER, "missing", _("Your own case number is missing."))
    _check_birth(row)
    admitted, planned, moved = (values.get(name) for name in (F.ADMITTED_ON, F.PLANNED_MOVE_ON, F.MOVED_ON))
    if admitted and planned and planned < admitted:
        row.note(F.PLANNED_MOVE_ON, "order", _("She cannot move out before she has come."))
    if admitted and moved and moved < admitted:
        row.note(F.MOVED_ON, "order", _("She cannot have moved before she had come."))
    if admitted and not moved and notice_due_on(admitted) < known.today:
        text = _("The notice of her admission will stand as late until somebody marks it as sent.")
        row.note(F.ADMITTED_ON, "notice", text, is_warning=True)
    if F.NAME not in values and not any(issue.field is F.NAME for issue in row.issues):
        row.note(F.NAME, "unnamed", _("The case is opened without a name."), is_warning=True)
    if isinstance(values.get(F.CHILDREN), int) and values[F.CHILDREN]:
        text = _("The number is put in a note. With birth years each child gets a page of its own.")
        row.note(F.CHILDREN, "counted", text, is_warning=True)
    if values.get(F.NOTE) and scan_written(values[F.NOTE]):
        text = _(
            "The note seems to hold a telephone number, an address or an institution. They have fields of their own."
        )
        row.note(F.NOTE, "told", text, is_warning=True)


def _check_birth(row: Read) -> None:
    """CPR number, birth date and birth year agree; the year is what is kept. Her children are younger."""
    values, born = row.values, row.values.get(F.BIRTH_DATE)
    if F.CPR in values and born and cpr_birth_date(values[F.CPR]) != born:
        row.note(F.CPR, "birth_date", _("The CPR number begins with another birth date."))
    if born and values.setdefault(F.BIRTH_YEAR, born.year) != born.year:
        row.note(F.BIRTH_YEAR, "birth_date", _("The birth year is not that of the birth date."))
    year, children = values.get(F.BIRTH_YEAR), values.get(F.CHILDREN)
    if year and isinstance(children, list) and any(child - year < 12 for child in children):
        row.note(F.CHILDREN, "older_than_mother", _("The birth year does not fit hers. Check both."))


def check_doubles(rows: Sequence[Read]) -> None:
    """The same own number or CPR number twice in one file is an error; the same person by other signs a warning."""
    seen: dict[tuple[str, Any], int] = {}
    for row in rows:
        for name, key, code, is_warning in _signs(row):
            first = seen.setdefault((code, key), row.number)
            if first != row.number:
                text = _("The same stands in row %(num)d.", num=first)
                row.note(name, code, text, is_warning=is_warning)


def _signs(row: Read) -> list[tuple[F, Any, str, bool]]:
    values = row.values
    signs: list[tuple[F, Any, str, bool]] = []
    if F.OWN_NUMBER in values:
        signs.append((F.OWN_NUMBER, key_of(values[F.OWN_NUMBER]), "double_number", False))
    if F.CPR in values:
        signs.append((F.CPR, values[F.CPR], "double_cpr", False))
    if F.PHONE in values:
        signs.append((F.PHONE, values[F.PHONE], "double_phone", True))
    if values.get(F.NAME) and values.get(F.BIRTH_YEAR):
        signs.append((F.NAME, (normalise_name(values[F.NAME]), values[F.BIRTH_YEAR]), "double_name", True))
    return signs


def key_of(own_number: str) -> str:
    """An own number as it is compared: capital letters and blanks make no difference."""
    return "".join(own_number.casefold().split())
