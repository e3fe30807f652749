"""Seals what is about to be saved: every changed value of a sealed column, with its row and its owner's key.

Runs before an object is written. A key is looked up once in a transaction, and made when its owner has none
(R-407).
"""

from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session, attributes, object_session

from portal.core.ids import new_public_id
from portal.core.protection import KeyKind
from portal.db import Base
from portal.models import key_store, owners
from portal.models.key_store import memo
from portal.vault import Encrypted, SealedColumn, keyring
from portal.vault.columns import SealedDocument, SealedText
from portal.vault.envelope import seal
from portal.vault.keys import OpenKey


@cache
def _sealed(mapper: Mapper[Any]) -> tuple[tuple[str, sa.Column[Any], SealedColumn[Any]], ...]:
    return tuple(
        (mapper.get_property_by_column(column).key, column, kind)
        for column, kind in owners.sealed_columns(_table(mapper))
    )


def _table(mapper: Mapper[Any]) -> sa.Table:
    table = mapper.local_table
    assert isinstance(table, sa.Table)
    return table


@sa.event.listens_for(Base, "before_insert", propagate=True)
def seal_new(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:
    """Seal every value of a new row."""
    for name, column, _kind in _sealed(mapper):
        # Said here, because the column's own default comes too late to be sealed.
        if name not in target.__dict__ and getattr(column.default, "is_callable", False):
            setattr(target, name, cast(Any, column.default).arg(None))
    if _sealed(mapper) and target.public_id is None:
        target.public_id = new_public_id()
    seal_changed(mapper, connection, target)


@sa.event.listens_for(Base, "before_update", propagate=True)
def seal_changed(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:
    """Seal what has changed in a row."""
    state = sa.inspect(target)
    for name, _column, kind in _sealed(mapper):
        history = state.attrs[name].history
        value = target.__dict__.get(name)
        if history.has_changes() and value is not None:
            target.__dict__[name] = bind(value, kind, target.public_id, _key(connection, target, kind))


@sa.event.listens_for(Base, "after_insert", propagate=True)
@sa.event.listens_for(Base, "after_update", propagate=True)
def unbind(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:
    """Give the object its plain values back."""
    for name, _column, _kind in _sealed(mapper):
        value = target.__dict__.get(name)
        if isinstance(value, SealedText):
            attributes.set_committed_value(target, name, str(value))
        elif isinstance(value, SealedDocument):
            attributes.set_committed_value(target, name, dict(value))


def bind(value: Any, kind: SealedColumn[Any], row: str, key: OpenKey) -> SealedText | SealedDocument:
    """The value with its envelope."""
    bound = SealedText(value) if isinstance(kind, Encrypted) else SealedDocument(value)
    bound.place = kind.place
    bound.envelope = seal(kind.write(value), place=kind.place, row=row, key=key)
    return bound


def _key(connection: sa.Connection, target: Any, kind: SealedColumn[Any]) -> OpenKey:
    session = object_session(target)
    assert session is not None
    return key_for_row(session, connection, sa.inspect(target).mapper.local_table, kind, target.__dict__)


def key_for_row(
    session: Session, connection: sa.Connection, table: Any, kind: SealedColumn[Any], values: Any
) -> OpenKey:
    """The key for one sealed column of one row, given the row's own columns."""
    if not kind.via:
        return _own_key(session, connection, kind.key, table, values["public_id"])
    start = values.get(kind.via.partition(".")[0])
    found = None if start is None else _key_at_end(session, connection, kind.key, table, kind.via, start)
    if found is None and kind.otherwise is not None:
        start = values.get(kind.otherwise.partition(".")[0])
        found = _organisation_key(session, connection, table, kind.otherwise, start)
    if found is None:
        raise ValueError(f"nobody owns the key of {kind.place} in this row")
    return found


def _own_key(session: Session, connection: sa.Connection, kind: KeyKind, table: Any, public_id: str) -> OpenKey:
    known = memo(session)
    if (kind, public_id) not in known:
        found = key_store.find(connection, kind, public_id)
        if found is None:
            found = key_store.make(connection, owners.owner_itself(connection, kind, table, public_id))
        known[kind, public_id] = found
    return known[kind, public_id]


def _key_at_end(
    session: Session, connection: sa.Connection, kind: KeyKind, table: Any, via: str, start: int
) -> OpenKey | None:
    known = memo(session)
    first = owners.steps(table, via)[0]
    place = (kind, first.name, via.partition(".")[2], start)
    if place not in known:
        row = connection.execute(owners.key_at_end(kind, table, via, start)).one_or_none()
        if row is not None:
            known[place] = keyring().unwrap(key_store.read_key(row))
        elif owner := owners.owner_at_end(connection, kind, table, via, start):
            known[place] = key_store.find_or_make(connection, owner)
    return known.get(place)


def _organisation_key(
    session: Session, connection: sa.Connection, table: Any, via: str, start: int | None
) -> OpenKey | None:
    if start is not None:
        return _key_at_end(session, connection, KeyKind.ORGANISATION, table, via, start)
    known, owner = memo(session), owners.platform()
    if owner not in known:
        known[owner] = key_store.find_or_make(connection, owner)
    return known[owner]
