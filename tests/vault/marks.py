"""A case in which every sealed column holds a mark of its own, told through tables directly."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.ids import new_public_id
from portal.core.protection import KeyKind
from portal.db import Base, db
from portal.models.cases import Case
from portal.models.owners import sealed_columns
from portal.models.raw import sealed_tables
from portal.models.users import User
from tests.factories.people import make_case, make_member, make_organisation

NOW = utc_now()
MARK = "mærke⚑{place}⚑"


def mark(place: str) -> str:
    """What stands in one sealed column."""
    return MARK.format(place=place)


CHECKS = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace
"""


def make_marked_case(name: str = "Amira Karim") -> Case:
    """A case with a team, and a row with marks in every table that holds something sealed.

    The rows are made from the tables' own declarations, so that a new table needs nothing here. What the database
    checks about states and amounts is set aside for the rest of the test's transaction.
    """
    for statement in db.session.scalars(sa.text(CHECKS)).all():
        db.session.execute(sa.text(statement))
    member = make_member(organisation=make_organisation(may_hold_cpr=True), now=NOW)
    case = make_case(member, now=NOW, name=name)
    made: dict[str, Any] = {
        "client": case.client,
        "client_case": case,
        "user_account": db.session.get_one(User, member.user_id),
        "organisation": member.organisation_id,
        "membership": member.id,
    }
    for mapper in sorted(Base.registry.mappers, key=lambda found: found.local_table.name):
        if sealed_columns(mapper.local_table):
            _make(mapper.local_table, made)
    db.session.flush()
    return case


def _make(table: sa.Table, made: dict[str, Any]) -> int:
    """A row of a table with what it must have, and the rows it points to. Returns its key."""
    if table.name in made:
        found = made[table.name]
        if not isinstance(found, int):
            _mark(found, table)
            found = made[table.name] = found.id
        return found
    row = _model(table)()
    for column in table.columns:
        if column.primary_key and not column.foreign_keys:
            continue
        target = next((key.column.table for key in column.foreign_keys), None)
        if column.name == "case_id" and table.name != "client_case":
            row.case_id = _make(target, made)
        elif target is not None and target is not table and not column.nullable:
            setattr(row, column.name, _make(target, made))
        elif not column.nullable and column.default is None and column.server_default is None:
            setattr(row, column.name, _value(table, column))
    _mark(row, table)
    db.session.add(row)
    db.session.flush()
    if "id" in table.c:
        made[table.name] = row.id
    return made.get(table.name, 0)


def _model(table: sa.Table) -> type[Any]:
    """The class of a row; where a table has several, the one for the first of its kinds, which `_value` gives too."""
    base = next(found for found in Base.registry.mappers if found.local_table is table and found.base_mapper is found)
    kinds = base.polymorphic_on
    return base.class_ if kinds is None else base.polymorphic_map[next(iter(kinds.type.kind))].class_


def _mark(row: Any, table: sa.Table) -> None:
    for column, kind in sealed_columns(table):
        text = mark(kind.place)
        setattr(row, column.name, {"mark": text} if "Json" in type(kind).__name__ else text)


SPECIAL: dict[str, Any] = {
    "period": lambda: sa.dialects.postgresql.Range(local_date(NOW), local_date(NOW) + timedelta(days=9)),
    "areas": lambda: ["housing"],
    "ends_at": lambda: NOW + timedelta(hours=1),
    "role": lambda: Role.CONTACT_PERSON,
    "requested_ore": lambda: 100,
    "places_max": lambda: 10,
    "birth_year": lambda: 2015,
}


def _value(table: sa.Table, column: sa.Column[Any]) -> Any:
    if column.name in SPECIAL:
        return SPECIAL[column.name]()
    kind = column.type
    if hasattr(kind, "kind"):
        return next(iter(kind.kind))
    if column.name == "capacity":
        return 5
    python = type(kind).__name__
    by_type = {
        "UTCDateTime": NOW,
        "Date": local_date(NOW),
        "Time": NOW.time(),
        "Boolean": False,
        "SmallInteger": 1,
        "Integer": 1,
        "BigInteger": 1,
        "LargeBinary": b"x",
        "JSONB": {},
        "ARRAY": [],
    }
    return by_type.get(python, new_public_id()[:8])


def kinds() -> set[KeyKind]:
    """All kinds of keys that seal something."""
    return {kind.key for table in sealed_tables() for _column, kind in sealed_columns(table)}
