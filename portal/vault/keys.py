"""The hierarchy of keys: numbered root keys wrap the organisations' keys, and these wrap the data keys.

Root keys come from BRO_KEYS and stay in memory. Everything below stands in the database, wrapped (`models/keys.py`).
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from portal.vault.cipher import KEY_BYTES, Unreadable, context, decrypt, derive, encrypt

# Unwrapped organisation keys that a process remembers, by their wrapped bytes. Erasure never depends on them.
REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class OrganisationKey:
    """A wrapped key of one organisation; organisation 0 is the platform itself."""

    id: int
    organisation_id: int
    # The number of the root key around it.
    root: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class DataKey:
    """A wrapped key of one person, place, case or organisation."""

    id: int
    wrapped: bytes
    organisation_key: OrganisationKey


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A data key, ready for use. Kept for one statement or one transaction, never longer."""

    id: int
    organisation_id: int
    secret: bytes = field(repr=False)


def new_key_id() -> int:
    """Name a key at random: a restored key store can never give an old name to a new key."""
    return secrets.randbits(63)


@dataclass(frozen=True)
class Keyring:
    """The root keys. The newest wraps; all known ones unwrap."""

    roots: Mapping[int, bytes] = field(repr=False)
    _organisation_secrets: dict[OrganisationKey, bytes] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_roots(cls, roots: Mapping[int, bytes]) -> Self:
        """Take numbered roots of 32 random bytes. Raises ValueError without one."""
        if not roots or any(len(root) != KEY_BYTES for root in roots.values()):
            raise ValueError("the vault needs numbered keys of 32 bytes")
        return cls(dict(roots))

    @property
    def newest(self) -> int:
        """The number of the root key that wraps."""
        return max(self.roots)

    def new_organisation_key(self, organisation_id: int) -> OrganisationKey:
        """Make a key for an organisation, wrapped by the newest root."""
        return self._wrap(new_key_id(), organisation_id, os.urandom(KEY_BYTES))

    def rewrap_organisation_key(self, key: OrganisationKey) -> OrganisationKey:
        """The same key under the newest root. Raises Unreadable."""
        return self._wrap(key.id, key.organisation_id, self._organisation_secret(key))

    def new_data_key(self, organisation_key: OrganisationKey, secret: bytes | None = None) -> DataKey:
        """Make a data key, wrapped by the organisation's."""
        return self._wrap_data(new_key_id(), secret or os.urandom(KEY_BYTES), organisation_key)

    def rewrap_data_key(self, key: DataKey, organisation_key: OrganisationKey) -> DataKey:
        """The same data key under another key of its organisation. Raises Unreadable."""
        return self._wrap_data(key.id, self.unwrap(key).secret, organisation_key)

    def unwrap(self, key: DataKey) -> OpenKey:
        """Open a data key. Raises Unreadable."""
        around = key.organisation_key
        secret = decrypt(self._organisation_secret(around), key.wrapped, context("data key", key.id, around.id))
        return OpenKey(key.id, around.organisation_id, secret)

    def first_index_key(self) -> bytes:
        """The index key of an installation from before there was a key store."""
        return derive(self.roots[min(self.roots)], "bro index")

    def first_field_key(self, number: int) -> bytes:
        """The key of envelopes of version 1. Raises Unreadable for a root that is not here."""
        if number not in self.roots:
            raise Unreadable
        return derive(self.roots[number], "bro field")

    def _wrap(self, key_id: int, organisation_id: int, secret: bytes) -> OrganisationKey:
        about = context("organisation key", key_id, organisation_id, self.newest)
        wrapped = encrypt(self._wrapping(self.newest), secret, about)
        return OrganisationKey(key_id, organisation_id, self.newest, wrapped)

    def _wrap_data(self, key_id: int, secret: bytes, around: OrganisationKey) -> DataKey:
        wrapped = encrypt(self._organisation_secret(around), secret, context("data key", key_id, around.id))
        return DataKey(key_id, wrapped, around)

    def _organisation_secret(self, key: OrganisationKey) -> bytes:
        known = self._organisation_secrets.get(key)
        if known is None:
            about = context("organisation key", key.id, key.organisation_id, key.root)
            known = decrypt(self._wrapping(key.root), key.wrapped, about)
            if len(self._organisation_secrets) >= REMEMBERED:
                self._organisation_secrets.clear()
            self._organisation_secrets[key] = known
        return known

    def _wrapping(self, number: int) -> bytes:
        if number not in self.roots:
            raise Unreadable
        return derive(self.roots[number], "bro wrap")


_current: list[Keyring] = []


def configure(ring: Keyring) -> None:
    """Set the root keys of this process."""
    _current[:] = [ring]


def keyring() -> Keyring:
    """The root keys of this process. Raises RuntimeError before `configure`."""
    if not _current:
        raise RuntimeError("the vault has no keys")
    return _current[0]
