"""Seals anew what stands in envelopes of version 1 or under a retired key (R-404).

In batches along the primary key; each row is locked, read and written in one transaction. Killed at any point it
begins again and finds what is left, because what is left is told by the envelopes themselves.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog

from portal.db import db
from portal.models.key_store import DATA
from portal.models.owners import sealed_columns
from portal.models.raw import APPEND_ONLY, carried, is_first, key_id, sealed_tables
from portal.models.sealing import key_for_row
from portal.vault import SealedColumn, Unreadable
from portal.vault.envelope import seal, unseal

log = structlog.get_logger("portal.vault")
BATCH = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did: how many values, and after which row to go on. No row: the table is done."""

    resealed: int
    last_id: int | None


def tables() -> list[str]:
    """The tables to go through."""
    return [table.name for table in sealed_tables() if table.name not in APPEND_ONLY]


def reseal_batch(table_name: str, after_id: int = 0, limit: int = BATCH) -> Batch:
    """Seal the next rows of a table anew. Rows that somebody is writing are left to the next run."""
    table = next(found for found in sealed_tables() if found.name == table_name)
    columns = sealed_columns(table)
    stale = {column.name: _is_stale(column) for column, _kind in columns}
    own = [column for column in table.columns if not isinstance(column.type, SealedColumn)]
    rows = (
        db.session.connection()
        .execute(
            sa.select(
                *own,
                *(carried(column, kind).label(f"carried_{column.name}") for column, kind in columns),
                *(condition.label(f"stale_{name}") for name, condition in stale.items()),
            )
            .where(table.c.id > after_id, sa.or_(*stale.values()))
            .order_by(table.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=table)
        )
        .mappings()
        .all()
    )
    done = sum(_reseal_row(table, row) for row in rows)
    return Batch(done, rows[-1]["id"] if len(rows) == limit else None)


def _is_stale(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    retired = sa.select(DATA.c.id).where(DATA.c.retired_at.is_not(None))
    return sa.func.coalesce(sa.or_(is_first(column), key_id(column).in_(retired)), False)


def _reseal_row(table: sa.Table, row: Any) -> int:
    fresh: dict[str, Any] = {}
    for column, kind in sealed_columns(table):
        if row[f"stale_{column.name}"]:
            try:
                fresh[column.name] = sa.literal(_reseal(table, kind, row, column.name), sa.LargeBinary)
            except (Unreadable, ValueError) as problem:
                # Left as it is, and said: nothing that cannot be opened may stop the rest.
                log.error("not sealed anew", place=kind.place, row=row["id"], kind=type(problem).__name__)
    if fresh:
        connection = db.session.connection()
        connection.execute(sa.update(table).where(table.c.id == row["id"]).values(fresh))
    return len(fresh)


def _reseal(table: sa.Table, kind: SealedColumn[Any], row: Any, name: str) -> bytes:
    text = unseal(row[f"carried_{name}"], place=kind.place)
    key = key_for_row(db.session(), db.session.connection(), table, kind, row)
    return seal(text, place=kind.place, row=row["public_id"], key=key)


def count_left() -> dict[str, int]:
    """How many values of each table are still in an envelope of version 1 or under a retired key."""
    left = {}
    for table in sealed_tables():
        values = [sa.func.count().filter(_is_stale(column)) for column, _kind in sealed_columns(table)]
        (number,) = db.session.execute(sa.select(sum(values[1:], values[0])).select_from(table)).one()
        if number:
            left[table.name] = number
    return left


def drop_retired_data_keys() -> int:
    """Take away retired keys under which nothing is sealed any more. Returns how many are left for the next time."""
    connection = db.session.connection()
    statement = sa.select(DATA.c.id).where(DATA.c.retired_at.is_not(None)).order_by(DATA.c.id)
    # Not those with which somebody is writing at this moment.
    free = connection.execute(statement.with_for_update(skip_locked=True)).scalars().all()
    unused = [key for key in free if not _is_used(key)]
    connection.execute(sa.delete(DATA).where(DATA.c.id.in_(unused)))
    return len(connection.execute(statement).all())


def _is_used(key: int) -> bool:
    columns = [(table, column) for table in sealed_tables() for column, _kind in sealed_columns(table)]
    connection = db.session.connection()
    return any(
        connection.execute(sa.select(sa.exists().select_from(table).where(key_id(column) == key))).scalar()
        for table, column in columns
    )
