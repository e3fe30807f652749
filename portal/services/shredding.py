"""Erasure by destroying keys: what they sealed is unreadable at once, and in every copy when the last backup of the key
store is gone (R-406). Rows and their removal are the caller's; two persons, holds and previews too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.core.ids import new_public_id
from portal.core.protection import KeyKind
from portal.db import db
from portal.models import indexes, key_store
from portal.models.access import WatchedPerson
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.clients import Client
from portal.models.key_store import DATA
from portal.models.keys import ErasureProof
from portal.models.raw import APPEND_ONLY, NOTHING, belongs_to, carried, is_first, key_id, sealed_for
from portal.models.users import User

PERSONAL = (KeyKind.SUBJECT, KeyKind.LOCATION, KeyKind.CASE)
CLIENT_INDEXES = ("name_index", "phone_index", "cpr_index", "phone_cross_index", "cpr_cross_index")
WATCH_INDEXES = ("name_index", "phone_index", "email_index")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose keys: of which kinds, of which owners by public id."""

    kinds: tuple[KeyKind, ...]
    owners: tuple[str, ...]
    client_id: int | None = None


def scope_of_client(client: Client) -> Scope:
    """Everything about her: she, her children, her cases, every place."""
    children = db.session.scalars(sa.select(Child.public_id).where(Child.client_id == client.id))
    cases = db.session.scalars(sa.select(Case.public_id).where(Case.client_id == client.id))
    return Scope(PERSONAL, (client.public_id, *children, *cases), client.id)


def scope_of_case(case: Case) -> Scope:
    """One case of several: what was written in it and where it was."""
    return Scope((KeyKind.CASE, KeyKind.LOCATION), (case.public_id,))


def scope_of_place(case: Case) -> Scope:
    """Where she was met in one case of several."""
    return Scope((KeyKind.LOCATION,), (case.public_id,))


def scope_of_places(client: Client) -> Scope:
    """Where she lives and lived, and where she was met: what goes before the rest (R3)."""
    return Scope((KeyKind.LOCATION,), scope_of_client(client).owners)


def scope_of_account(user: User) -> Scope:
    """The name and address of somebody who has left."""
    return Scope((KeyKind.SUBJECT,), (user.public_id,))


def shred(scope: Scope, *, subject: str, basis: str) -> ErasureProof:
    """Destroy the keys of a scope, remove index values, and store the proof. `subject` is a public id.

    Waits for whoever is writing with one of the keys; when that takes too long the edge answers Conflict.
    """
    db.session.flush()
    unreadable = _count_sealed(scope)
    _blank_first(scope)
    keys = db.session.connection().execute(
        sa.delete(DATA).where(DATA.c.kind.in_(scope.kinds), DATA.c.owner.in_(scope.owners))
    )
    removed = _remove_indexes(scope)
    proof = ErasureProof(
        public_id=new_public_id(),
        subject_hash=indexes.subject_hash(subject),
        basis=basis,
        keys_destroyed=keys.rowcount,
        indexes_removed=removed,
        values_unreadable=unreadable,
    )
    db.session.add(proof)
    db.session.flush()
    key_store.memo(db.session()).clear()
    # What this session has read before must not be shown after.
    db.session.expire_all()
    return proof


def verify_erased(scope: Scope) -> list[str]:
    """What of a scope is still there: columns that still open, index values, keys. Empty: erased."""
    left = [
        kind.place
        for table, column, kind in sealed_for(scope.kinds)
        if _exists(table, sa.and_(belongs_to(table, kind, scope.owners), carried(column, kind).is_not(None)))
    ]
    if _exists(DATA, sa.and_(DATA.c.kind.in_(scope.kinds), DATA.c.owner.in_(scope.owners))):
        left.append("data_key")
    for model, names, condition in _indexed(scope):
        table: Any = model.__table__
        left += [f"{table.name}.{name}" for name in names if _exists(table, condition & table.c[name].is_not(None))]
    return left


def find_proofs(subject: str) -> Sequence[ErasureProof]:
    """The proofs about a public id, oldest first. Nobody can go the other way."""
    wanted = ErasureProof.subject_hash == indexes.subject_hash(subject)
    return db.session.scalars(sa.select(ErasureProof).where(wanted).order_by(ErasureProof.id)).all()


def _exists(table: sa.Table, condition: sa.ColumnElement[bool]) -> bool:
    statement = sa.select(sa.exists().select_from(table).where(condition))
    return bool(db.session.connection().execute(statement).scalar())


def _count_sealed(scope: Scope) -> int:
    keys = sa.select(DATA.c.id).where(DATA.c.kind.in_(scope.kinds), DATA.c.owner.in_(scope.owners))
    connection = db.session.connection()
    return sum(
        connection.execute(
            sa.select(sa.func.count())
            .select_from(table)
            .where(
                belongs_to(table, kind, scope.owners),
                sa.func.coalesce(sa.or_(is_first(column), key_id(column).in_(keys)), False),
            )
        ).scalar_one()
        for table, column, kind in sealed_for(scope.kinds)
    )


def _blank_first(scope: Scope) -> None:
    """Envelopes of version 1 have no key of their own that could be destroyed: they are overwritten."""
    for table, column, kind in sealed_for(scope.kinds):
        if table.name not in APPEND_ONLY:
            condition = sa.and_(belongs_to(table, kind, scope.owners), is_first(column))
            nothing = {column.name: sa.literal(NOTHING, sa.LargeBinary)}
            db.session.connection().execute(sa.update(table).where(condition).values(nothing))


def _indexed(scope: Scope) -> list[tuple[Any, tuple[str, ...], sa.ColumnElement[bool]]]:
    if scope.client_id is None:
        return []
    cases = sa.select(Case.id).where(Case.client_id == scope.client_id)
    return [
        (Client, CLIENT_INDEXES, Client.__table__.c.id == scope.client_id),
        (WatchedPerson, WATCH_INDEXES, WatchedPerson.__table__.c.case_id.in_(cases)),
    ]


def _remove_indexes(scope: Scope) -> int:
    removed = 0
    connection = db.session.connection()
    for model, names, condition in _indexed(scope):
        table: Any = model.__table__
        counts = [sa.func.count(table.c[name]) for name in names]
        removed += sum(connection.execute(sa.select(*counts).where(condition)).one())
        connection.execute(sa.update(table).where(condition).values(dict.fromkeys(names)))
    return removed
