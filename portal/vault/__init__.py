"""Keys, encrypted columns and keyed indexes: protected values reach the database as ciphertext only."""

from portal.vault.cipher import Keyring, configure, keyring
from portal.vault.columns import Encrypted, EncryptedJson
from portal.vault.index import blind_index

__all__ = ["Encrypted", "EncryptedJson", "Keyring", "blind_index", "configure", "keyring"]
