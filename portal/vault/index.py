"""Keyed indexes: exact look-up of a value that is stored sealed.

`digest` makes a few bits that are equal for equal values under one key. They are so few that several people share
them: whoever holds the table cannot tell who is meant, and a look-up opens the few hits and compares. Which keys there
are, and who may use them, stands in `models/indexes.py`:

- `blind_index(value, field, organisation_id)` finds within one organisation;
- `cross_index(value, field)` is equal across all organisations, for duplicates and the watch list alone;
- the sign-in index finds an account by its address and is not cut short.

There is no index on addresses, notes, children's names or what is told of a perpetrator.
"""

import hmac

from portal.core.protection import IndexField

# Bits within one organisation and across all of them (security rule 4.3).
BITS = {
    IndexField.NAME: 14,
    IndexField.NAME_YEAR: 14,
    IndexField.PHONE: 16,
    IndexField.EMAIL: 16,
    IndexField.CPR: 24,
    IndexField.OWN_NUMBER: 128,
    IndexField.SIGN_IN: 128,
}
CROSS_BITS = 32


def digest(key: bytes, value: str, *, purpose: str, bits: int) -> bytes:
    """The first bits of HMAC-SHA-256 over purpose and value; unused bits of the last byte are 0."""
    whole = hmac.digest(key, f"{purpose}\0{value}".encode(), "sha256")
    cut = bytearray(whole[: (bits + 7) // 8])
    if bits % 8:
        cut[-1] &= 0xFF << (8 - bits % 8) & 0xFF
    return bytes(cut)
