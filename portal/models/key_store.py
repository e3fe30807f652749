"""Finds the data key of a row, and makes it when its owner has none yet.

A key that is in use by a running transaction is held FOR KEY SHARE: it may be wrapped anew meanwhile, but it cannot be
destroyed before that transaction has ended. What has been found is remembered until then, in `Session.info`.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, SessionTransaction

from portal.core.protection import KeyKind
from portal.models.keys import StoredDataKey, StoredOrganisationKey
from portal.vault import keyring
from portal.vault.keys import DataKey, OpenKey, OrganisationKey

PLATFORM = "platform"
MEMO = "vault keys"

DATA: sa.Table = StoredDataKey.metadata.tables["data_key"]
AROUND: sa.Table = StoredOrganisationKey.metadata.tables["organisation_key"]
WRAPPED = (
    DATA.c.id,
    DATA.c.wrapped,
    AROUND.c.id,
    sa.func.coalesce(AROUND.c.organisation_id, 0),
    AROUND.c.root,
    AROUND.c.wrapped,
)


@dataclass(frozen=True, slots=True)
class Owner:
    """To whom a key belongs, and the organisation under whose key it is wrapped (0: the platform)."""

    kind: KeyKind
    public_id: str
    organisation_id: int


def memo(session: Session) -> dict[Any, OpenKey]:
    """The keys that this transaction has used."""
    found: dict[Any, OpenKey] = session.info.setdefault(MEMO, {})
    return found


@sa.event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    # Also after a savepoint: a key that was made inside one may be gone.
    if transaction.nested or transaction.parent is None:
        session.info.pop(MEMO, None)


def read_key(row: Any) -> DataKey:
    """A row of the columns WRAPPED as a key."""
    key_id, wrapped, around_id, organisation_id, root, around = row
    return DataKey(key_id, wrapped, OrganisationKey(around_id, organisation_id, root, around))


def find(connection: sa.Connection, kind: KeyKind, public_id: str) -> OpenKey | None:
    """The key of an owner, held until the transaction ends; None when there is none."""
    row = connection.execute(
        sa.select(*WRAPPED)
        .join(AROUND, AROUND.c.id == DATA.c.organisation_key_id)
        .where(DATA.c.kind == kind, DATA.c.owner == public_id, DATA.c.retired_at.is_(None))
        .with_for_update(read=True, key_share=True, of=DATA)
    ).one_or_none()
    return None if row is None else keyring().unwrap(read_key(row))


def find_or_make(connection: sa.Connection, owner: Owner) -> OpenKey:
    """The key of an owner, made now if there is none. Two at once end up with the same."""
    return find(connection, owner.kind, owner.public_id) or make(connection, owner)


def make(connection: sa.Connection, owner: Owner, secret: bytes | None = None) -> OpenKey:
    """A new key for an owner, or the one that somebody else made meanwhile."""
    key = keyring().new_data_key(organisation_key(connection, owner.organisation_id), secret)
    statement = insert(StoredDataKey).values(
        id=key.id,
        kind=owner.kind,
        owner=owner.public_id,
        organisation_key_id=key.organisation_key.id,
        wrapped=key.wrapped,
    )
    # What came back was stored. The count of rows is not told for an insert.
    if connection.scalar(statement.on_conflict_do_nothing().returning(DATA.c.id)) is not None:
        return keyring().unwrap(key)
    found = find(connection, owner.kind, owner.public_id)
    if found is None:
        raise RuntimeError("a key was destroyed while it was being made")
    return found


def organisation_key(connection: sa.Connection, organisation_id: int) -> OrganisationKey:
    """The current key of an organisation (0: the platform), made now if there is none."""
    statement = (
        sa.select(AROUND.c.id, AROUND.c.root, AROUND.c.wrapped)
        .where(sa.func.coalesce(AROUND.c.organisation_id, 0) == organisation_id, AROUND.c.retired_at.is_(None))
        .with_for_update(read=True, key_share=True)
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        key = keyring().new_organisation_key(organisation_id)
        values = {"id": key.id, "organisation_id": organisation_id or None, "root": key.root, "wrapped": key.wrapped}
        connection.execute(insert(StoredOrganisationKey).values(values).on_conflict_do_nothing())
        row = connection.execute(statement).one()
    key_id, root, wrapped = row
    return OrganisationKey(key_id, organisation_id, root, wrapped)
