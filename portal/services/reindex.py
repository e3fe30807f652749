"""New keys for keyed indexes, and all values of an index made anew (R-405). One transaction per index.

Whoever needs the index meanwhile waits: for the sign-in index some seconds, so it is done at night.
"""

import os

import sqlalchemy as sa
from sqlalchemy.orm import aliased, undefer

from portal.core.protection import KeyKind
from portal.db import db
from portal.models import indexes, key_store
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.imports import ImportKey
from portal.models.key_store import DATA, Owner
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.queries.imports import number_index
from portal.services.accounts import email_index
from portal.services.client_indexes import write_indexes
from portal.services.memberships import person_index
from portal.vault.cipher import KEY_BYTES

BATCH = 200


def reindex_sign_in() -> int:
    """A new key for the index that finds an account by its address. Returns how many accounts."""
    _new_key(Owner(KeyKind.INDEX, indexes.SIGN_IN, 0))
    done = 0
    for user in db.session.scalars(sa.select(User).order_by(User.id).execution_options(yield_per=BATCH)):
        user.email_index, user.person_index = email_index(user.email), person_index(user.email)
        done += 1
    db.session.flush()
    return done


def reindex_organisation(organisation: Organisation) -> int:
    """A new key for the indexes of one organisation. Returns how many clients."""
    _new_key(Owner(KeyKind.INDEX, organisation.public_id, organisation.id))
    found = sa.select(Client).where(Client.index_organisation_id == organisation.id).order_by(Client.id)
    clients = db.session.scalars(found.options(undefer(Client.cpr_number))).all()
    for client in clients:
        write_indexes(client, organisation.id)
    for key in db.session.scalars(sa.select(ImportKey).where(ImportKey.organisation_id == organisation.id)):
        key.number_index = number_index(key.own_number, organisation.id)
    db.session.flush()
    return len(clients)


def index_unindexed(limit: int = BATCH) -> int:
    """Write the indexes of clients from before there was a key store. Returns how many; 0 when all have theirs."""
    hers = aliased(Case)
    first = sa.select(sa.func.min(hers.id)).where(hers.client_id == Client.id).scalar_subquery()
    rows = db.session.execute(
        sa.select(Client, Case.owner_organisation_id)
        .join(Case, Case.id == first)
        .where(Client.index_organisation_id.is_(None))
        .where(sa.or_(*(column.is_not(None) for column in (Client.name, Client.phone, Client.cpr_number))))
        .options(undefer(Client.cpr_number))
        .order_by(Client.id)
        .limit(limit)
    ).all()
    for client, organisation_id in rows:
        write_indexes(client, organisation_id)
    db.session.flush()
    return len(rows)


def _new_key(owner: Owner) -> None:
    connection = db.session.connection()
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    # Waits for those who are writing an index with the old key; they must be part of what is made anew.
    connection.execute(sa.delete(DATA).where(DATA.c.kind == owner.kind, DATA.c.owner == owner.public_id))
    key_store.memo(db.session()).clear()
    key_store.make(connection, owner, os.urandom(KEY_BYTES))
