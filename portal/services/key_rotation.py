"""Keys change while the portal runs: wrapped anew, in batches, by any number of processes (R-404).

A reader gets value and keys in one statement, so it always sees a pair that fits. A writer holds the keys it uses until
its transaction ends, so that no key is taken away under it. Every function does one batch; the edge commits each.
"""

import sqlalchemy as sa

from portal.core.errors import NotFound
from portal.core.protection import KeyKind
from portal.db import db
from portal.models import key_store
from portal.models.key_store import AROUND, DATA, WRAPPED, Owner, read_key
from portal.vault import keyring
from portal.vault.keys import OrganisationKey

BATCH = 200


def rewrap_roots(limit: int = BATCH) -> int:
    """Wrap organisations' keys anew with the newest root key of BRO_KEYS. Returns how many."""
    connection, newest = db.session.connection(), keyring().newest
    rows = connection.execute(
        sa.select(AROUND.c.id, sa.func.coalesce(AROUND.c.organisation_id, 0), AROUND.c.root, AROUND.c.wrapped)
        .where(AROUND.c.root != newest)
        .order_by(AROUND.c.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    ).all()
    for row in rows:
        key = keyring().rewrap_organisation_key(OrganisationKey(*row))
        connection.execute(sa.update(AROUND).where(AROUND.c.id == key.id).values(root=key.root, wrapped=key.wrapped))
    return len(rows)


def retire_organisation_key(organisation_id: int) -> None:
    """Give an organisation (0: the platform) a new key. `rewrap_data_keys` moves to it what the old one wraps."""
    connection = db.session.connection()
    is_current = sa.and_(
        sa.func.coalesce(AROUND.c.organisation_id, 0) == organisation_id, AROUND.c.retired_at.is_(None)
    )
    connection.execute(sa.update(AROUND).where(is_current).values(retired_at=sa.func.now()))
    key_store.organisation_key(connection, organisation_id)


def organisations_with_keys() -> list[int]:
    """Whose keys can be changed: the organisations that have one, and 0 for the platform."""
    column = sa.func.coalesce(AROUND.c.organisation_id, 0)
    return list(db.session.scalars(sa.select(column).where(AROUND.c.retired_at.is_(None)).order_by(column)))


def rewrap_data_keys(limit: int = BATCH) -> int:
    """Wrap data keys anew whose organisation's key is retired. Returns how many."""
    connection = db.session.connection()
    rows = connection.execute(
        sa.select(*WRAPPED)
        .join(AROUND, AROUND.c.id == DATA.c.organisation_key_id)
        .where(AROUND.c.retired_at.is_not(None))
        .order_by(DATA.c.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=DATA)
    ).all()
    for row in rows:
        key = read_key(row)
        new = key_store.organisation_key(connection, key.organisation_key.organisation_id)
        wrapped = keyring().rewrap_data_key(key, new).wrapped
        connection.execute(
            sa.update(DATA).where(DATA.c.id == key.id).values(organisation_key_id=new.id, wrapped=wrapped)
        )
    return len(rows)


def drop_retired_organisation_keys() -> int:
    """Take away retired keys that wrap nothing any more. Returns how many are left for the next time."""
    connection = db.session.connection()
    retired = sa.select(AROUND.c.id).where(AROUND.c.retired_at.is_not(None)).order_by(AROUND.c.id)
    # Not those with which somebody is making a data key at this moment.
    free = connection.execute(retired.with_for_update(skip_locked=True)).scalars().all()
    is_used = sa.exists().where(DATA.c.organisation_key_id == AROUND.c.id)
    connection.execute(sa.delete(AROUND).where(AROUND.c.id.in_(free), sa.not_(is_used)))
    return len(connection.execute(retired).all())


def replace_data_key(kind: KeyKind, public_id: str) -> None:
    """Give an owner a new key on suspicion; `reseal` seals anew what the old one sealed. Raises NotFound."""
    connection = db.session.connection()
    row = connection.execute(
        sa.update(DATA)
        .where(DATA.c.kind == kind, DATA.c.owner == public_id, DATA.c.retired_at.is_(None))
        .values(retired_at=sa.func.now())
        .returning(DATA.c.organisation_key_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    around = sa.select(sa.func.coalesce(AROUND.c.organisation_id, 0)).where(AROUND.c.id == row[0])
    key_store.make(connection, Owner(kind, public_id, connection.execute(around).scalar_one()))
    key_store.memo(db.session()).clear()
