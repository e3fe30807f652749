"""What the columns of a house's own list are: guessed from their headings, and checked before a row is read."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.imports import ImportField as F

# Danish first, then English; without signs and blanks.
HEADINGS: Mapping[F, str] = {
    F.OWN_NUMBER: "sagsnr sagsnummer egetsagsnummer egetnummer journalnr journalnummer nr nummer id casenumber"
    " ownnumber caseid reference referencenummer",
    F.NAME: "navn fuldenavn kvinde kvindensnavn name fullname client",
    F.CPR: "cpr cprnr cprnummer personnummer cprnumber",
    F.BIRTH_YEAR: "fødselsår foedselsaar årgang født birthyear yearofbirth",
    F.BIRTH_DATE: "fødselsdato fødselsdag foedselsdato dateofbirth birthdate birthday",
    F.PHONE: "telefon tlf tlfnr telefonnr telefonnummer mobil mobilnr mobilnummer phone telephone mobile phonenumber",
    F.LANGUAGE: "sprog modersmål language mothertongue",
    F.INTERPRETER: "tolk tolkebehov behovfortolk brugfortolk interpreter needsinterpreter",
    F.PROTECTION: "beskyttelse adressebeskyttelse navneogadressebeskyttelse beskyttelsesniveau protection"
    " addressprotection protectionlevel",
    F.MUNICIPALITY: "kommune handlekommune kommunekode hjemkommune ansvarligkommune municipality"
    " responsiblemunicipality municipalitycode",
    F.ADMITTED_ON: "indflytning indflyttet indskrevet indskrivning indskrivningsdato indflytningsdato indskrevetden"
    " ankomst admitted admittedon admission admissiondate",
    F.PLANNED_MOVE_ON: "planlagtudflytning forventetudflytning planlagtflytning forventetfraflytning plannedmove"
    " plannedmoveon expectedmove",
    F.MOVED_ON: "flyttet flyttetden udflytning udflyttet udflytningsdato fraflyttet indflyttetiegenbolig movedon moved"
    " movedout moveddate",
    F.CHILDREN: "børn antalbørn børnsfødselsår boern børnenesfødselsår children numberofchildren childbirthyears",
    F.CONTACT_PERSON: "kontaktperson kontaktpersonensmail kontaktpersonmail contactperson contact worker",
    F.NOTE: "note notat bemærkning bemærkninger kommentar notes remark remarks comment",
}
_BY_HEADING = {word: field for field, words in HEADINGS.items() for word in words.split()}


def folded(heading: str) -> str:
    """A heading without blanks and signs, in small letters."""
    return re.sub(r"[\W_]", "", heading.casefold())


def guess(headings: Sequence[str], remembered: Mapping[str, str], *, holds_cpr: bool) -> list[F | None]:
    """What each column seems to be: as this house said last time, else by its heading (R-711). Nothing twice."""
    found: list[F | None] = []
    for heading in headings:
        word = folded(heading)
        said = remembered.get(word)
        field = (F(said) if said else None) if said is not None else _BY_HEADING.get(word)
        is_free = field is not None and field not in found and (holds_cpr or field is not F.CPR)
        found.append(field if is_free else None)
    return found


def is_cpr_heading(heading: str) -> bool:
    """Whether a column says that it holds CPR numbers."""
    return _BY_HEADING.get(folded(heading)) is F.CPR or "cpr" in folded(heading)


def heading_problems(headings: Sequence[str]) -> list[tuple[str, str]]:
    """What is wrong with the first row, as (code, heading): `empty`, `double`, `unknown`."""
    problems = [("empty", str(number)) for number, heading in enumerate(headings, start=1) if not heading]
    counted = Counter(folded(heading) for heading in headings if heading)
    doubles = {word for word, times in counted.items() if times > 1}
    seen: set[str] = set()
    for heading in headings:
        word = folded(heading)
        if word in doubles and word not in seen:
            problems.append(("double", heading))
            seen.add(word)
        elif heading and word not in doubles and word not in _BY_HEADING:
            problems.append(("unknown", heading))
    return problems


def check_mapping(fields: Sequence[F | None], *, holds_cpr: bool) -> None:
    """Whether the columns can be read like that (R-711). Raises Invalid, with the number of the column as its field."""
    counted = Counter(field for field in fields if field)
    for number, field in enumerate(fields):
        if field is not None and counted[field] > 1:
            raise Invalid(_("Two columns cannot be the same. Choose one of them."), field=f"column_{number}")
        if field is F.CPR and not holds_cpr:
            raise Invalid(_("Your organisation may not keep CPR numbers."), field=f"column_{number}")
    if F.OWN_NUMBER not in counted:
        raise Invalid(
            _("One column must be your own case number: by it nobody comes in twice."),
            field="column_0",
        )
