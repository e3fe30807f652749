"""Finds women by what is sealed: keyed indexes propose a few, and opening those few decides."""

import re
from dataclasses import dataclass

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.identity import IdentityProblem, check_phone
from portal.core.protection import IndexField
from portal.core.text import normalise_name
from portal.db import db
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.indexes import blind_index, fetch_keys
from portal.queries.visibility import known_cases

CASE_REFERENCE = re.compile(r"[0-9]{4}-[0-9]{4,6}")
TEN_DIGITS = re.compile(r"[0-9]{6}[- ]?[0-9]{4}")
NAME_AND_YEAR = re.compile(r"(?P<name>.*\D)\s(?P<year>(?:19|20)[0-9]{2})")
# Her birth year is part of the index of her name: whoever does not know it asks for every year.
YEARS = (None, *range(1900, 2101))
COLUMNS = {
    IndexField.NAME_YEAR: Client.name_index,
    IndexField.PHONE: Client.phone_index,
    IndexField.CPR: Client.cpr_index,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom somebody looks for, by one value; for a name perhaps with the birth year."""

    field: IndexField
    value: str
    year: int | None = None

    def is_her(self, client: Client) -> bool:
        """Whether this is really her: several people share an index (R-401)."""
        if self.field is IndexField.CPR:
            return client.cpr_number == self.value
        if self.field is IndexField.PHONE:
            return client.phone == self.value
        has_year = self.year is None or client.birth_year == self.year
        return has_year and client.name is not None and normalise_name(client.name) == self.value

    def indexed(self) -> list[str]:
        """The values whose index she may have."""
        if self.field is not IndexField.NAME_YEAR:
            return [self.value]
        years = YEARS if self.year is None else (self.year,)
        return [_with_year(self.value, year) for year in years]


def name_with_year(name: str, year: int | None) -> str:
    """What the index of a name is made of."""
    return _with_year(normalise_name(name), year)


def _with_year(folded: str, year: int | None) -> str:
    return f"{folded}|{year or ''}"


def search_kind(text: str) -> str:
    """What somebody looks for: "reference", "cpr", "phone" or "name"."""
    text = text.strip()
    if CASE_REFERENCE.fullmatch(text):
        return "reference"
    if TEN_DIGITS.fullmatch(text):
        return "cpr"
    return "phone" if _phone(text) else "name"


def wanted(text: str) -> Wanted | None:
    """Whom a search that names no reference is for; None when nothing is left of the text."""
    text, kind = text.strip(), search_kind(text)
    if kind == "cpr":
        return Wanted(IndexField.CPR, re.sub(r"\D", "", text))
    if kind == "phone":
        return Wanted(IndexField.PHONE, _phone(text) or "")
    match = NAME_AND_YEAR.fullmatch(text)
    name = normalise_name(match["name"] if match else text)
    return Wanted(IndexField.NAME_YEAR, name, int(match["year"]) if match else None) if name else None


def has_year(text: str) -> bool:
    """Whether somebody is looked for by name and birth year."""
    return NAME_AND_YEAR.fullmatch(text.strip()) is not None


def proposed(actor: Actor, she: Wanted) -> sa.ColumnElement[bool]:
    """The clients that the indexes propose, among the cases that the actor knows of: a few too many (R-401)."""
    organisations = db.session.scalars(
        sa.select(Client.index_organisation_id)
        .distinct()
        .join(Case, Case.client_id == Client.id)
        .where(known_cases(actor), Client.index_organisation_id.is_not(None))
    ).all()
    fetch_keys([organisation for organisation in organisations if organisation is not None])
    values = [
        (organisation, blind_index(value, field=she.field, organisation_id=organisation))
        for organisation in organisations
        if organisation is not None
        for value in she.indexed()
    ]
    return sa.tuple_(Client.index_organisation_id, COLUMNS[she.field]).in_(values)


def _phone(text: str) -> str | None:
    try:
        return check_phone(text)
    except IdentityProblem:
        return None
