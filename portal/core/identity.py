"""Civil registration numbers, telephone numbers and ages: what may be stored, and in which one form."""

import re
from datetime import date

from stdnum.dk import cpr as register
from stdnum.exceptions import ValidationError

from portal.core.i18n import _
from portal.core.problems import Problem

OLDEST = 115
ADULT = 18
YOUNGEST_MOTHER = 12
INVENTED_SEVENTH = "49"

# Upper age of each band, and its code. Children first.
AGE_BANDS: tuple[tuple[int, str], ...] = (
    (3, "0-3"),
    (6, "4-6"),
    (10, "7-10"),
    (14, "11-14"),
    (17, "15-17"),
    (24, "18-24"),
    (29, "25-29"),
    (39, "30-39"),
    (49, "40-49"),
)
OLDEST_BAND = "50+"

_CPR = re.compile(r"[0-9]{6}[- ]?[0-9]{4}")
_SEPARATORS = re.compile(r"[ .()\u00a0-]")


class IdentityProblem(Problem):
    """A number or a year that cannot belong to a person here."""


def check_cpr(text: str, *, allow_invented: bool, on: date) -> str:
    """The ten digits of a CPR number that may be stored (R-058). Modulus 11 is not asked for: it was given up in 2007.

    `allow_invented` is for demo and test: birth dates that have not come yet, with 4 or 9 as the seventh digit, so
    that no living person's number is used. Raises IdentityProblem: `format`, `replacement` (day + 60), `no_such_date`,
    `future`, `too_old`.
    """
    typed = text.strip()
    if not _CPR.fullmatch(typed):
        raise IdentityProblem("format", _("Write ten digits: six for the birth date and four more."))
    number = str(register.compact(typed))
    if 61 <= int(number[:2]) <= 91:
        raise IdentityProblem("replacement", _('This is a replacement number. Choose "no CPR number" instead.'))
    born = cpr_birth_date(number)
    if born > on and not (allow_invented and number[6] in INVENTED_SEVENTH):
        raise IdentityProblem("future", _("The birth date in the number has not come yet. Check the digits."))
    if on.year - born.year > OLDEST:
        raise IdentityProblem("too_old", _("The number would make her more than 115 years old. Check the digits."))
    return number


def cpr_birth_date(number: str) -> date:
    """The birth date in ten digits, century from the seventh. Raises IdentityProblem (`no_such_date`)."""
    try:
        born: date = register.get_birth_date(number)
    except ValidationError as problem:
        raise IdentityProblem("no_such_date", _("The number begins with a date that does not exist.")) from problem
    return born


def check_phone(text: str) -> str:
    """One stored form of a telephone number, "+4512345678" (R-059). Danish numbers may leave out the country.

    Raises IdentityProblem: `format`, `length`, `no_such_number` (begins with 0), `premium` (Danish 90).
    """
    typed = _SEPARATORS.sub("", text.strip())
    if typed.startswith("00"):
        typed = "+" + typed[2:]
    if not re.fullmatch(r"\+?[0-9]+", typed):
        raise IdentityProblem("format", _("Write the telephone number with digits only."))
    if typed.startswith("+") and not typed.startswith("+45"):
        return _foreign(typed)
    number = typed.removeprefix("+45")
    if len(number) != 8:
        raise IdentityProblem("length", _("A Danish number has 8 digits. Begin a foreign one with + and the country."))
    if number[0] == "0":
        raise IdentityProblem("no_such_number", _("No Danish number begins with 0. Check the digits."))
    if number.startswith("90"):
        raise IdentityProblem("premium", _("Numbers that begin with 90 cost extra and cannot be stored."))
    return f"+45{number}"


def check_birth_year(year: int, *, on: date) -> int:
    """The birth year of an adult: at least 18 during the year, at most 115. Raises IdentityProblem (`too_young`,
    `too_old`)."""
    if on.year - year < ADULT:
        raise IdentityProblem("too_young", _("She must be at least 18. Check the birth year."))
    if on.year - year > OLDEST:
        raise IdentityProblem("too_old", _("The year would make her more than 115 years old. Check it."))
    return year


def check_child_birth_year(year: int, *, on: date, mother_birth_year: int | None = None) -> int:
    """The birth year of a child: not in the future, under 18 at the start of the year, 12 years after hers (R-060).

    Raises IdentityProblem: `future`, `not_a_child`, `older_than_mother`.
    """
    if year > on.year:
        raise IdentityProblem("future", _("The birth year has not come yet."))
    if on.year - year > ADULT:
        raise IdentityProblem("not_a_child", _("A child here is under 18. Check the birth year."))
    if mother_birth_year is not None and year - mother_birth_year < YOUNGEST_MOTHER:
        raise IdentityProblem("older_than_mother", _("The birth year does not fit hers. Check both."))
    return year


def age_band(birth_year: int, on: date) -> str:
    """The age band of somebody born that year, counted by years: "0-3" to "15-17" for children, "18-24" to "50+".

    This is what people outside the team may see. Raises IdentityProblem (`future`) for a year that has not come.
    """
    age = on.year - birth_year
    if age < 0:
        raise IdentityProblem("future", _("The birth year has not come yet."))
    return next((code for upper, code in AGE_BANDS if age <= upper), OLDEST_BAND)


def _foreign(number: str) -> str:
    # E.164: at most 15 digits, and no country code begins with 0.
    if number.startswith("+0") or not 8 <= len(number) <= 16:
        raise IdentityProblem("length", _("Check the foreign number: + , the country and 7 to 15 digits in all."))
    return number
