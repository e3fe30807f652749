"""The one cipher, AES-256-GCM-SIV, and how keys are made from keys (ADR 0006).

A repeated nonce does not break this cipher. What is sealed opens only in the context for which it was sealed.
"""

import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
# A key under another key.
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES


class Unreadable(Exception):
    """The value was moved from its place, was altered, or was sealed with a key that is not here."""


def derive(key: bytes, purpose: str) -> bytes:
    """Make the key for one purpose (HKDF-SHA-256)."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(key)


def context(*parts: str | int) -> bytes:
    """The one way to write down for what something is sealed: stable identifiers in a fixed order."""
    return json.dumps(parts, separators=(",", ":")).encode()


def encrypt(key: bytes, plain: bytes, about: bytes) -> bytes:
    """A fresh nonce, and the sealed bytes behind it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCMSIV(key).encrypt(nonce, plain, about)


def decrypt(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """What `encrypt` was given. Raises Unreadable."""
    try:
        return AESGCMSIV(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
    except (InvalidTag, ValueError) as failure:
        raise Unreadable from failure
