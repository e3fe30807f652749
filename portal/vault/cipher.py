"""Sealing and opening values.

The envelope is `format | key number | nonce | AES-256-GCM-SIV(text)`, bound to its column by associated data, so that a
ciphertext moved to another column does not open. A repeated nonce does not break this cipher (ADR 0003).
"""

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = 1
HEADER = struct.Struct(">BH")
NONCE_BYTES = 12
ROOT_BYTES = 32


class Unreadable(Exception):
    """The value was sealed with a key that is gone, was moved from its column, or was altered."""


def _derive(root: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(root)


@dataclass(frozen=True)
class Keyring:
    """All keys that may open, the newest of which seals. Keys are derived per purpose from the roots."""

    ciphers: dict[int, AESGCMSIV]
    index_key: bytes

    @classmethod
    def from_roots(cls, roots: Mapping[int, bytes]) -> Self:
        """Make the keys of all purposes from numbered roots of 32 random bytes. Raises ValueError without one."""
        if not roots or any(len(root) != ROOT_BYTES for root in roots.values()):
            raise ValueError("the vault needs numbered keys of 32 bytes")
        return cls(
            ciphers={number: AESGCMSIV(_derive(root, b"bro field")) for number, root in roots.items()},
            # The index key stays with the first root: rotating it would need every index rewritten.
            index_key=_derive(roots[min(roots)], b"bro index"),
        )

    def seal(self, text: str, *, place: str) -> bytes:
        """Encrypt for one place ("table.column") with the newest key."""
        number = max(self.ciphers)
        nonce = os.urandom(NONCE_BYTES)
        sealed = self.ciphers[number].encrypt(nonce, text.encode(), place.encode())
        return HEADER.pack(FORMAT, number) + nonce + sealed

    def open(self, envelope: bytes, *, place: str) -> str:
        """Decrypt what was sealed for that place. Raises Unreadable."""
        if len(envelope) < HEADER.size + NONCE_BYTES:
            raise Unreadable(place)
        _, number = HEADER.unpack_from(envelope)
        nonce = envelope[HEADER.size : HEADER.size + NONCE_BYTES]
        try:
            plain = self.ciphers[number].decrypt(nonce, envelope[HEADER.size + NONCE_BYTES :], place.encode())
        except (KeyError, InvalidTag) as failure:
            raise Unreadable(place) from failure
        return plain.decode()


_current: list[Keyring] = []


def configure(ring: Keyring) -> None:
    """Set the keys of this process."""
    _current[:] = [ring]


def keyring() -> Keyring:
    """The keys of this process. Raises RuntimeError before `configure`."""
    if not _current:
        raise RuntimeError("the vault has no keys")
    return _current[0]
