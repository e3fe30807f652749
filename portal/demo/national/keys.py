"""The keys of people and cases, as the portal makes them: one each, wrapped by that of the organisation."""

import os

from portal.core.protection import KeyKind
from portal.db import db
from portal.demo.national.writer import Writer
from portal.models import key_store
from portal.models.keys import StoredDataKey
from portal.vault import keyring
from portal.vault.cipher import KEY_BYTES
from portal.vault.keys import OpenKey, OrganisationKey


class KeyMaker:
    """Makes keys and keeps them for writing."""

    def __init__(self) -> None:
        self._around: dict[int, OrganisationKey] = {}
        self._writer = Writer(StoredDataKey)

    def make(self, kind: KeyKind, public_id: str, organisation_id: int) -> OpenKey:
        """The key of an owner, under the key of an organisation."""
        if organisation_id not in self._around:
            self._around[organisation_id] = key_store.organisation_key(db.session.connection(), organisation_id)
        secret = os.urandom(KEY_BYTES)
        key = keyring().new_data_key(self._around[organisation_id], secret)
        self._writer.add(
            {
                "id": key.id,
                "kind": kind,
                "owner": public_id,
                "organisation_key_id": key.organisation_key.id,
                "wrapped": key.wrapped,
            }
        )
        return OpenKey(key.id, organisation_id, secret)

    def flush(self) -> None:
        """Write the last ones."""
        self._writer.flush()
