"""Ids for addresses and references for the telephone."""

import re

from portal.core.ids import new_public_id, new_reference


def test_public_ids_are_22_safe_characters_and_never_begin_with_a_hyphen() -> None:
    ids = {new_public_id() for _ in range(500)}
    assert len(ids) == 500
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{21}", value) for value in ids)


def test_references_hold_no_vowels_and_no_look_alikes() -> None:
    assert all(re.fullmatch(r"[23456789BCDFGHJKMNPQRTVWXYZ]{6}", new_reference()) for _ in range(500))
