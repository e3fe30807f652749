"""Ids for addresses, which say nothing, and short references for the telephone."""

import secrets

ALPHABET = "23456789BCDFGHJKMNPQRTVWXYZ"  # no vowels, no look-alikes
REFERENCE_LENGTH = 6


def new_public_id() -> str:
    """128 random bits as 22 characters that may stand in an address; never begins with a hyphen."""
    while True:
        value = secrets.token_urlsafe(16)
        if value[0] not in "-_":
            return value


def new_reference() -> str:
    """Six letters and digits that are easy to say and hard to mishear."""
    return "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))
