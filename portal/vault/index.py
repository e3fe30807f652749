"""Keyed indexes: exact look-up of a value that is stored encrypted."""

import hmac

from portal.vault.cipher import keyring

INDEX_BYTES = 16


def blind_index(value: str, *, purpose: str) -> bytes:
    """Sixteen bytes that are equal for equal values of one purpose and say nothing without the key."""
    digest = hmac.digest(keyring().index_key, f"{purpose}\0{value}".encode(), "sha256")
    return digest[:INDEX_BYTES]
