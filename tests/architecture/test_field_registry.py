"""Every column is registered, with the class, key, retention and readers that it really has (R-402)."""

import sqlalchemy as sa

from portal import models
from portal.core.protection import FieldClass, KeyKind
from portal.db import Base
from portal.domain import registry
from portal.models.owners import owner_table, way
from portal.vault import SealedColumn

COLUMNS = {(table.name, column.name): column for table in Base.metadata.sorted_tables for column in table.columns}
SEALED = {key: column for key, column in COLUMNS.items() if isinstance(column.type, SealedColumn)}
LOCATION = {key for key, field in registry.FIELDS.items() if field.field_class is FieldClass.S4_LOCATION}
TO_BE_SEALED = {FieldClass.S4_LOCATION, FieldClass.S4_IDENTITY, FieldClass.S3}
# A year says little alone; it stands in clear because rules and figures count with it.
CLEAR_ON_PURPOSE = {("client", "birth_year")}
HOW = (
    "Add the table or column to its file in portal/domain/registry/: ids, foreign keys, version and marks of the "
    'machinery into the structure line, all others into a Part("{column}", C.<class>, F.<field group>, key=K.<kind>).'
)


def missing() -> list[str]:
    """What is not registered, as lines that can be pasted."""
    lines = []
    for table in Base.metadata.sorted_tables:
        left = [column.name for column in table.columns if (table.name, column.name) not in registry.FIELDS]
        structure = [name for name in left if name in ("id", "public_id", "version") or table.c[name].foreign_keys]
        sealed = [name for name in left if (table.name, name) in SEALED]
        rest = [name for name in left if name not in structure + sealed]
        if left:
            parts = [f'Part("{n}", C.S3, F.?, key=K.{table.c[n].type.key.name})' for n in sealed]
            parts += [f'Part("{" ".join(rest)}", C.S2, F.?)'] if rest else []
            lines.append(f'Table("{table.name}", R.?, About.?, "{" ".join(structure)}", {", ".join(parts)})')
    return lines


def test_every_column_is_registered() -> None:
    assert models
    assert missing() == [], HOW


def test_nothing_is_registered_that_does_not_exist() -> None:
    assert sorted(set(registry.FIELDS) - set(COLUMNS)) == []


def test_nothing_is_registered_twice() -> None:
    tables = [table for area in registry.AREAS for table in area.TABLES]
    assert len({table.name for table in tables}) == len(tables)
    for table in tables:
        names = [field.column for field in table.fields()]
        assert len(set(names)) == len(names), table.name


def test_what_would_harm_her_is_sealed() -> None:
    wanted = {key for key, field in registry.FIELDS.items() if field.field_class in TO_BE_SEALED}
    assert sorted(wanted - set(SEALED) - CLEAR_ON_PURPOSE) == []


def test_what_is_sealed_is_registered_with_the_key_that_seals_it() -> None:
    assert {key: field.key for key, field in registry.FIELDS.items() if field.key} == {
        key: column.type.key for key, column in SEALED.items()
    }


def test_no_place_can_be_looked_up() -> None:
    indexed = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for index in table.indexes
        for column in index.columns
    }
    assert indexed & LOCATION == set()
    named = {(table, f"{column}_index") for table, column in LOCATION}
    assert named & set(COLUMNS) == set()


def test_whoever_owns_a_key_can_be_found_from_its_row() -> None:
    allowed = {
        KeyKind.SUBJECT: {"client", "child", "user_account"},
        KeyKind.LOCATION: {"client", "client_case"},
        KeyKind.CASE: {"client_case"},
        KeyKind.ORGANISATION: {"organisation"},
    }
    for column in SEALED.values():
        kind = column.type
        assert owner_table(column.table, kind.via).name in allowed[kind.key], f"{kind.place}: via={kind.via!r}"
        if kind.otherwise:
            assert owner_table(column.table, kind.otherwise).name == "organisation"
        if kind.via:
            sa.select(way(column.table, kind.via)[0]).compile()


def test_the_row_of_a_sealed_value_can_be_named() -> None:
    assert [str(column) for column in SEALED.values() if "public_id" not in column.table.columns] == []


def test_everything_about_a_person_says_who_may_see_it() -> None:
    about = [field for field in registry.FIELDS.values() if field.about != "nobody"]
    assert [f"{field.table}.{field.column}" for field in about if not field.groups] == []
