"""A house's own list, invented: rows in order, and rows with one thing wrong each."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook

from portal.core.clock import local_date, utc_now
from portal.core.imports import ImportField as F
from portal.db import db
from portal.domain.imports import guess
from portal.models.imports import CaseImport
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.services import imports
from portal.uploads.sheets import read
from tests.factories.people import actor_of, make_member, make_municipality, make_organisation

HEADINGS = (
    "Sagsnr",
    "Navn",
    "CPR",
    "Fødselsår",
    "Fødselsdato",
    "Telefon",
    "Sprog",
    "Tolk",
    "Adressebeskyttelse",
    "Kommune",
    "Indflyttet",
    "Planlagt udflytning",
    "Fraflyttet",
    "Børn",
    "Kontaktperson",
    "Bemærkninger",
)
FIELDS = [field for field in F if field in set(guess(HEADINGS, {}, holds_cpr=True))]
AT = {field: number for number, field in enumerate(guess(HEADINGS, {}, holds_cpr=True))}
FIRST = ("Amira", "Bodil", "Cecilie", "Dunja", "Elin", "Fatou", "Gro", "Hanne", "Ida", "Jasmin")
LAST = ("Prøvesen", "Testgaard", "Opdigt", "Fiktivsen", "Eksempel")


def far_cpr(number: int) -> str:
    """A number whose birth date has not come: nobody's."""
    day, month = number % 27 + 1, number // 27 % 12 + 1
    return f"{day:02d}{month:02d}{57 - number // 324:02d}-4{number % 1000:03d}"


def good_row(number: int, mail: str) -> list[str]:
    """A row that comes in."""
    admitted = local_date(utc_now()) - timedelta(days=1)
    row = [""] * len(HEADINGS)
    row[AT[F.OWN_NUMBER]] = f"G-{number:04d}"
    row[AT[F.NAME]] = f"{FIRST[number % 10]} {LAST[number % 5]} {chr(65 + number % 26)}{chr(97 + number // 26 % 26)}"
    row[AT[F.CPR]] = far_cpr(number)
    row[AT[F.BIRTH_YEAR]] = str(1970 + number % 30)
    row[AT[F.PHONE]] = f"20 {number // 100:02d} {number % 100:02d} 11"
    row[AT[F.LANGUAGE]] = "Arabisk" if number % 3 else "Dansk"
    row[AT[F.INTERPRETER]] = "ja" if number % 3 else "nej"
    row[AT[F.PROTECTION]] = str(number % 3)
    row[AT[F.MUNICIPALITY]] = "Aarhus" if number % 2 else "0751"
    row[AT[F.ADMITTED_ON]] = f"{admitted:%d.%m.%Y}"
    row[AT[F.CHILDREN]] = "2019, 2021" if number % 2 else "2"
    row[AT[F.CONTACT_PERSON]] = mail if number % 4 == 0 else ""
    row[AT[F.NOTE]] = "=HYPERLINK(x)" if number % 50 == 0 else "Fra den gamle liste"
    return row


def a_day(days: int) -> str:
    """A day from today, as it is typed."""
    return f"{local_date(utc_now()) + timedelta(days=days):%d.%m.%Y}"


# What is wrong, in which field, and how it is told: every kind by itself in a row of its own.
BROKEN: tuple[tuple[F, str, str], ...] = (
    (F.OWN_NUMBER, "", "missing"),
    (F.OWN_NUMBER, "G-0000", "double_number"),
    (F.OWN_NUMBER, "x" * 41, "long"),
    (F.NAME, "Amira 311257-4123", "sensitive"),
    (F.NAME, "A" * 121, "too_long"),
    (F.NAME, "Amira ☃", "symbol"),
    (F.CPR, "12345", "format"),
    (F.CPR, "320157-4001", "no_such_date"),
    (F.CPR, "610157-4001", "replacement"),
    (F.CPR, far_cpr(0), "double_cpr"),
    (F.BIRTH_YEAR, "2015", "too_young"),
    (F.BIRTH_YEAR, "1850", "too_old"),
    (F.BIRTH_YEAR, "'84", "year"),
    (F.BIRTH_DATE, "03.04.84", "two_digit_year"),
    (F.BIRTH_DATE, "29.02.1981", "not_leap"),
    (F.PHONE, "1234567", "length"),
    (F.PHONE, "90123456", "premium"),
    (F.INTERPRETER, "måske", "yes_or_no"),
    (F.PROTECTION, "7", "protection"),
    (F.MUNICIPALITY, "Andeby", "municipality"),
    (F.ADMITTED_ON, a_day(3), "future"),
    (F.PLANNED_MOVE_ON, a_day(-30), "order"),
    (F.MOVED_ON, a_day(-30), "order"),
    (F.CHILDREN, "2099", "future"),
    (F.CHILDREN, "mange", "children"),
    (F.CONTACT_PERSON, "ukendt@example.invalid", "person"),
    (F.NOTE, "Hun har 311257-4123", "sensitive"),
    (F.LANGUAGE, "=1+1", "formula"),
)


def as_csv(rows: list[list[str]], *, separator: str = ";", encoding: str = "utf-8-sig", heads: Any = HEADINGS) -> bytes:
    """The list as separated values, with the line ends of Windows."""
    made = StringIO(newline="")
    csv.writer(made, delimiter=separator, lineterminator="\r\n").writerows([heads, *rows])
    return made.getvalue().encode(encoding)


def as_xlsx(rows: list[list[str]], heads: Any = HEADINGS) -> bytes:
    """The list as a spreadsheet."""
    book, made = Workbook(), BytesIO()
    for row in (heads, *rows):
        book.active.append(list(row))
    book.save(made)
    return made.getvalue()


def make_house() -> tuple[Membership, Membership, str]:
    """Somebody who hands a file in, a colleague, and the colleague's address. The house may keep CPR numbers."""
    make_municipality()
    member = make_member(organisation=make_organisation(may_hold_cpr=True))
    colleague = make_member(organisation=db.session.get_one(Organisation, member.organisation_id))
    return member, colleague, db.session.get_one(User, colleague.user_id).email


def make_checked(member: Membership, content: bytes) -> CaseImport:
    """A file that has been read with the columns as guessed."""
    who = {"actor": actor_of(member), "now": utc_now()}
    taken = imports.take_in(read(content), **who)
    fields = [F(field) if field else None for field in taken.fields]
    imports.check(taken, fields, allow_invented_cpr=True, **who)
    return taken
