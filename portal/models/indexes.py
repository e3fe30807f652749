"""Keyed indexes with their keys: one key per organisation, one across all, one for sign-in.

Index keys are wrapped like data keys, so that an organisation's key can change without its indexes. See
`vault/index.py` for what an index is, and `services/reindex.py` for new index keys.
"""

from collections.abc import Collection

import sqlalchemy as sa

from portal.core.protection import IndexField, KeyKind
from portal.db import db
from portal.models import key_store
from portal.models.key_store import PLATFORM, Owner, memo
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.vault import keyring
from portal.vault.index import BITS, CROSS_BITS, digest
from portal.vault.keys import OpenKey

SIGN_IN = "sign-in"


def blind_index(value: str, *, field: IndexField, organisation_id: int) -> bytes:
    """A few bits under which an organisation finds a value that is sealed. Several people share them: compare."""
    return digest(_organisation_secret(organisation_id), value, purpose=field, bits=BITS[field])


def cross_index(value: str, *, field: IndexField) -> bytes:
    """The same in all organisations (32 bits): for duplicates and the watch list, never for a search."""
    key = _key(Owner(KeyKind.INDEX, PLATFORM, 0))
    return digest(key.secret, value, purpose=f"cross.{field}", bits=CROSS_BITS)


def sign_in_index(value: str) -> bytes:
    """Finds an account by its address: a whole HMAC, because it must name one account."""
    key = _key(Owner(KeyKind.INDEX, SIGN_IN, 0))
    return digest(key.secret, value, purpose="user.email", bits=BITS[IndexField.SIGN_IN])


def person_index(value: str) -> bytes:
    """Tells whether two accounts are one person's: under the key of sign-in, for another purpose."""
    key = _key(Owner(KeyKind.INDEX, SIGN_IN, 0))
    return digest(key.secret, value, purpose="user.person", bits=BITS[IndexField.SIGN_IN])


def code_hash(code: str) -> bytes:
    """Finds a code that was read out: a whole HMAC, so that none can be tried out on a copy of the database."""
    return digest(_key(Owner(KeyKind.INDEX, PLATFORM, 0)).secret, code, purpose="account_code.code", bits=256)


def subject_hash(public_id: str) -> bytes:
    """A whole HMAC of somebody's public id: whoever knows the id can look for the proof of her erasure."""
    return digest(_key(Owner(KeyKind.INDEX, PLATFORM, 0)).secret, public_id, purpose="erasure", bits=256)


def fetch_keys(organisation_ids: Collection[int]) -> None:
    """The index keys of several organisations in one statement, for a search over all of them."""
    known, connection = memo(db.session()), db.session.connection()
    rows = connection.execute(
        sa.select(Organisation.id, *key_store.WRAPPED)
        .join(key_store.DATA, key_store.DATA.c.owner == Organisation.public_id)
        .join(key_store.AROUND, key_store.AROUND.c.id == key_store.DATA.c.organisation_key_id)
        .where(Organisation.id.in_(organisation_ids), key_store.DATA.c.kind == KeyKind.INDEX)
        .where(key_store.DATA.c.retired_at.is_(None))
        .with_for_update(read=True, key_share=True, of=key_store.DATA)
    )
    for organisation_id, *wrapped in rows:
        known[KeyKind.INDEX, organisation_id] = keyring().unwrap(key_store.read_key(wrapped))


def _organisation_secret(organisation_id: int) -> bytes:
    known, place = memo(db.session()), (KeyKind.INDEX, organisation_id)
    if place not in known:
        statement = sa.select(Organisation.public_id).where(Organisation.id == organisation_id)
        public_id = db.session.connection().execute(statement).scalar_one()
        known[place] = _key(Owner(KeyKind.INDEX, public_id, organisation_id))
    return known[place].secret


def _key(owner: Owner) -> OpenKey:
    known = memo(db.session())
    if owner not in known:
        connection = db.session.connection()
        found = key_store.find(connection, owner.kind, owner.public_id)
        known[owner] = found or key_store.make(connection, owner, _first_secret(connection, owner))
    return known[owner]


def _first_secret(connection: sa.Connection, owner: Owner) -> bytes | None:
    # Accounts from before there was a key store are found as before, until `portal vault reindex`.
    if owner.public_id == SIGN_IN and connection.scalar(sa.select(sa.exists().where(User.id.is_not(None)))):
        return keyring().first_index_key()
    return None
