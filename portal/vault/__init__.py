"""Keys, sealed columns and keyed indexes: protected values reach the database as ciphertext only."""

from portal.vault.cipher import Unreadable
from portal.vault.columns import Encrypted, EncryptedJson, SealedColumn, opened, opened_nothing
from portal.vault.keys import Keyring, configure, keyring

__all__ = [
    "Encrypted",
    "EncryptedJson",
    "Keyring",
    "SealedColumn",
    "Unreadable",
    "configure",
    "keyring",
    "opened",
    "opened_nothing",
]
