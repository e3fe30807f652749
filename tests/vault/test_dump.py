"""Whoever gets a copy of the database finds nothing of what is sealed in it."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import Base, db
from portal.models.owners import sealed_columns
from portal.models.raw import carried, sealed_tables
from portal.vault.envelope import unseal
from tests.vault.marks import make_marked_case, mark


def dump() -> dict[str, bytes]:
    """Every table as bytes, as `pg_dump` would hold it, bytea as bytes and not as hexadecimal digits."""
    found = {}
    for table in Base.metadata.sorted_tables:
        columns = [sa.type_coerce(column, sa.LargeBinary) for column in table.columns if _is_bytes(column)]
        texts = [sa.cast(sa.type_coerce(column, sa.Text), sa.Text) for column in table.columns if not _is_bytes(column)]
        rows = db.session.execute(sa.select(*columns, *texts).select_from(table)) if columns or texts else []
        cells = [cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row]
        found[table.name] = b"\0".join(cells)
    return found


def _is_bytes(column: sa.Column[object]) -> bool:
    return isinstance(column.type, sa.LargeBinary) or isinstance(getattr(column.type, "impl", None), sa.LargeBinary)


def test_dump_has_no_plaintext(session: Session) -> None:
    make_marked_case(name="Amira Karim")
    session.flush()
    tables = dump()
    everything = b"".join(tables.values())
    places = [kind.place for table in sealed_tables() for _column, kind in sealed_columns(table)]
    assert [place for place in places if mark(place).encode() in everything] == []
    assert "mærke⚑".encode() not in everything
    assert b"Amira" not in everything
    # The test would see what is not sealed.
    assert b"client_case" not in everything
    assert tables["organisation"]


@pytest.mark.parametrize("table", sealed_tables(), ids=lambda table: table.name)
def test_every_mark_comes_back_in_its_own_place(session: Session, table: sa.Table) -> None:
    make_marked_case()
    for column, kind in sealed_columns(table):
        values = session.connection().execute(sa.select(carried(column, kind))).scalars().all()
        assert any(mark(kind.place) in unseal(value, place=kind.place) for value in values if value), kind.place
