"""Sealed columns as the database holds them: for the work of sealing anew and of erasing, never for showing."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from portal.core.protection import KeyKind
from portal.db import Base
from portal.models.owners import sealed_columns, way
from portal.vault import SealedColumn

# The database refuses every change of these: what is sealed in them stays as it is until it is removed.
APPEND_ONLY = frozenset({"audit_event"})
# An envelope whose key never existed: reads as empty.
NOTHING = b"\x02" + bytes(8)


def sealed_tables() -> list[sa.Table]:
    """Every table that holds something sealed."""
    return [table for table in Base.metadata.sorted_tables if sealed_columns(table)]


def raw(column: sa.Column[Any]) -> Any:
    """The column as bytes."""
    return sa.type_coerce(column, sa.LargeBinary)


def carried(column: sa.Column[Any], kind: SealedColumn[Any]) -> Any:
    """The column as the database hands it out: with its row and its wrapped keys. Nothing when the key is gone."""
    return sa.type_coerce(kind.column_expression(column), sa.LargeBinary)


def is_first(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Whether a value is still in an envelope of version 1."""
    return sa.func.substring(raw(column), 1, 1) == sa.literal(b"\x01", sa.LargeBinary)


def key_id(column: sa.Column[Any]) -> sa.ColumnElement[int]:
    """The key that a value is sealed with; NULL in an envelope of version 1."""
    return sa.func.vault_key_id(raw(column), type_=sa.BigInteger)


def belongs_to(table: sa.Table, kind: SealedColumn[Any], owners: Sequence[str]) -> sa.ColumnElement[bool]:
    """Whether a row's key belongs to one of these owners, by their public ids."""
    if not kind.via:
        return table.c.public_id.in_(owners)
    joined, first, last = way(table, kind.via)
    start = kind.via.partition(".")[0]
    return table.c[start].in_(sa.select(first.c.id).select_from(joined).where(last.c.public_id.in_(owners)))


def sealed_for(
    kinds: Iterable[KeyKind],
) -> list[tuple[sa.Table, sa.Column[Any], SealedColumn[Any]]]:
    """The sealed columns under keys of these kinds, each with its table."""
    wanted = set(kinds)
    return [
        (table, column, kind)
        for table in sealed_tables()
        for column, kind in sealed_columns(table)
        if kind.key in wanted
    ]
