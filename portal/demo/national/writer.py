"""Puts many rows into the database at once: copied into a table of the transaction's own, then inserted from there.

The portal's role may not copy into a table behind the wall, so the wall looks at every row here too. Texts are
sealed by the vault's own functions, each under its row and its owner's key.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any

import sqlalchemy as sa
from psycopg import sql

from portal.core.ids import new_public_id
from portal.core.protection import KeyKind
from portal.db import db
from portal.models.owners import sealed_columns
from portal.vault.envelope import seal
from portal.vault.keys import OpenKey

BATCH = 20_000
Row = dict[str, Any]
Keys = Mapping[KeyKind, OpenKey]
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Writer:
    """Collects the rows of one table and writes them in batches. The order in which they came is kept."""

    def __init__(self, model: Any, *, wants_ids: bool = False) -> None:
        self.table: sa.Table = model.__table__
        self.count, self._wants_ids = 0, wants_ids
        self.ids: list[int] = []
        self._sealed = [(column.name, kind) for column, kind in sealed_columns(self.table)]
        self._names: list[str] = []
        self._defaults: dict[str, Callable[[], Any]] = {}
        self._lines: list[str] = []

    def add(self, row: Row, keys: Keys | None = None) -> str:
        """Take a row, and seal what is sealed with the keys of whoever it belongs to. Returns its public id."""
        if not self._names:
            self._lay_out(row)
        public_id: str = row.get("public_id") or ("public_id" in self._defaults and new_public_id()) or ""
        if public_id:
            row["public_id"] = public_id
        for name, kind in self._sealed:
            value = row.get(name)
            if value is not None and keys is not None:
                row[name] = seal(kind.write(value), place=kind.place, row=public_id, key=keys[kind.key])
        values = (row[name] if name in row else self._defaults[name]() for name in self._names)
        self._lines.append("\t".join(map(_text, values)))
        self.count += 1
        if len(self._lines) >= BATCH:
            self.flush()
        return public_id

    def flush(self) -> None:
        """Write what has been collected."""
        if self._lines:
            self.ids += self._write()

    def _lay_out(self, row: Row) -> None:
        """Which columns are written: those of the first row, and those that are filled in Python or left empty."""
        for column in self.table.columns:
            if column.name in row or (column.identity is None and column.server_default is None):
                self._names.append(column.name)
                self._defaults[column.name] = _default(column)

    def _write(self) -> list[int]:
        """Copy the lines and insert them. Returns the ids that the database gave, in order, where they are wanted."""
        table, name = sql.Identifier(self.table.name), sql.Identifier(f"new_{self.table.name}")
        columns = sql.SQL(", ").join(map(sql.Identifier, self._names))
        returning = sql.SQL(" RETURNING id" if self._wants_ids else "")
        shell = sql.SQL(
            "CREATE TEMP TABLE IF NOT EXISTS {} ON COMMIT DROP AS"
            " SELECT 0::bigint AS row_number_, {} FROM {} WITH NO DATA"
        ).format(name, columns, table)
        insert = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} ORDER BY row_number_{}").format(
            table, columns, columns, name, returning
        )
        raw = db.session.connection().connection.driver_connection
        assert raw is not None
        with raw.cursor() as cursor:
            cursor.execute(shell)
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
                copy.write("".join(f"{place}\t{line}\n" for place, line in enumerate(self._lines)))
            self._lines.clear()
            cursor.execute(insert)
            ids = [row[0] for row in cursor] if self._wants_ids else []
            cursor.execute(sql.SQL("TRUNCATE {}").format(name))
        return ids


def _default(column: sa.Column[Any]) -> Callable[[], Any]:
    made = column.default
    if made is None:
        return lambda: None
    if made.is_callable:
        return lambda: made.arg(None)  # type: ignore[attr-defined]
    value = made.arg  # type: ignore[attr-defined]
    return lambda: value


def _text(value: Any) -> str:
    """A value as PostgreSQL reads it in a copy."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return (value.value if isinstance(value, Enum) else value).translate(ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        # Codes of our own lists: no quote and no comma in them.
        return "{" + ",".join(str(one) for one in value) + "}"
    return json.dumps(value).translate(ESCAPES)
