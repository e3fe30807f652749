"""What stands in a sealed column, and how it is opened.

Version 2 is `2 | key id | nonce | AES-256-GCM-SIV`, sealed with HKDF(data key, "v2|table.column") for its version,
column, row, key and organisation: moved anywhere else it does not open. The database hands it out with its row and its
wrapped keys in front (`vault_open`, see the migration). Version 1, from before there were data keys, is
`1 | root number | nonce | ...` and bound to its column only; it is read until a job has sealed it anew.
"""

import struct

from portal.vault.cipher import WRAPPED_BYTES, Unreadable, context, decrypt, derive, encrypt
from portal.vault.keys import DataKey, OpenKey, OrganisationKey, keyring

FIRST, VERSION = 1, 2
HEADER = struct.Struct(">BQ")
FIRST_HEADER = struct.Struct(">BH")
# Version, row, organisation, organisation key, root number, wrapped organisation key, wrapped data key.
CARRIED = struct.Struct(f">B22sQQH{WRAPPED_BYTES}s{WRAPPED_BYTES}s")


def seal(text: str, *, place: str, row: str, key: OpenKey) -> bytes:
    """Seal a text for one column ("table.column") of one row (its public id)."""
    header = HEADER.pack(VERSION, key.id)
    return header + encrypt(derive(key.secret, f"v2|{place}"), text.encode(), _about(place, row, key))


def unseal(carried: bytes, *, place: str) -> str:
    """Open what the database handed out for one column. Raises Unreadable."""
    if carried[:1] == bytes([FIRST]):
        return _unseal_first(carried, place)
    try:
        version, row, organisation_id, organisation_key_id, root, wrapped, wrapped_data = CARRIED.unpack_from(carried)
        envelope = carried[CARRIED.size :]
        _, key_id = HEADER.unpack_from(envelope)
    except struct.error as failure:
        raise Unreadable(place) from failure
    if version != VERSION or envelope[0] != VERSION:
        raise Unreadable(place)
    around = OrganisationKey(organisation_key_id, organisation_id, root, wrapped)
    key = keyring().unwrap(DataKey(key_id, wrapped_data, around))
    about = _about(place, row.decode(errors="replace").rstrip(), key)
    return decrypt(derive(key.secret, f"v2|{place}"), envelope[HEADER.size :], about).decode()


def key_id_of(envelope: bytes) -> int | None:
    """The key that an envelope was sealed with; None for one of version 1."""
    return HEADER.unpack_from(envelope)[1] if envelope[:1] == bytes([VERSION]) else None


def _about(place: str, row: str, key: OpenKey) -> bytes:
    return context(VERSION, place, row, key.id, key.organisation_id)


def seal_first(text: str, *, place: str) -> bytes:
    """An envelope of version 1, as an older installation holds them. For tests of what must stay readable."""
    number = keyring().newest
    key = keyring().first_field_key(number)
    return FIRST_HEADER.pack(FIRST, number) + encrypt(key, text.encode(), place.encode())


def _unseal_first(envelope: bytes, place: str) -> str:
    if len(envelope) < FIRST_HEADER.size:
        raise Unreadable(place)
    _, number = FIRST_HEADER.unpack_from(envelope)
    key = keyring().first_field_key(number)
    return decrypt(key, envelope[FIRST_HEADER.size :], place.encode()).decode()
