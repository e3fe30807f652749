"""The register of fields and the marks of what is handed out and overwritten say the same about every column."""

import pytest

from portal.core.protection import DataSubject, FieldClass
from portal.db import Base
from portal.domain.registry import field
from portal.domain.registry.entry import Field
from portal.domain.subject_data import Mark, Whose, marks_of
from portal.domain.subject_marks import TABLES

# At which centre she stayed, and with whom the child is, tell where somebody is without being a place.
PLACES_BY_LINK = {"stay.organisation_id", "child.is_along", "child_period.kind", "child_period.period"}
# What other people wrote about what somebody did, and texts on their way to being struck: neither hers nor staff's.
WORDS_OF_OTHERS = {"audit_event.reason", "dossier_text.text", "dossier_text.spans"}
EVERY = [
    pytest.param(field(name, mark.column), mark, id=f"{name}.{mark.column}")
    for name in TABLES
    for mark in marks_of(Base.metadata.tables[name])
]
SECRET = {FieldClass.S3, FieldClass.S4_IDENTITY, FieldClass.S4_LOCATION}


def disagreements(known: Field, mark: Mark) -> list[str]:
    """What the two say differently."""
    name = f"{known.table}.{known.column}"
    found = []
    if (known.about is DataSubject.CHILD) != (mark.whose is Whose.CHILDS):
        found.append("whether it is a child's")
    if (known.field_class is FieldClass.S4_LOCATION or name in PLACES_BY_LINK) != mark.is_place:
        found.append("whether it tells where somebody is")
    if mark.whose is Whose.HERS and known.about is not DataSubject.CLIENT and not known.is_structure:
        found.append("that it is hers")
    if mark.whose in (Whose.STAFF, Whose.INNER) and known.field_class in SECRET and name not in WORDS_OF_OTHERS:
        found.append("that nobody needs it handed out or overwritten")
    return found


@pytest.mark.parametrize(("known", "mark"), EVERY)
def test_both_say_the_same(known: Field, mark: Mark) -> None:
    assert disagreements(known, mark) == []


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        ("name", Mark("name", Whose.CHILDS)),
        ("address", Mark("address", Whose.HERS)),
        ("phone", Mark("phone", Whose.INNER)),
        ("phone", Mark("phone", Whose.HERS, is_place=True)),
    ],
)
def test_a_wrong_mark_is_found(column: str, mark: Mark) -> None:
    assert disagreements(field("client", column), mark)
