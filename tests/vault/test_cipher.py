"""Sealed values open in their own place only, with any key that is still known."""

import pytest

from portal.vault.cipher import Keyring, Unreadable

OLD, NEW = b"a" * 32, b"b" * 32


def test_a_value_opens_where_it_was_sealed() -> None:
    ring = Keyring.from_roots({1: OLD})
    sealed = ring.seal("Åse Ærø", place="client.name")
    assert "Åse".encode() not in sealed
    assert ring.open(sealed, place="client.name") == "Åse Ærø"


def test_a_value_that_was_moved_or_altered_does_not_open() -> None:
    ring = Keyring.from_roots({1: OLD})
    sealed = ring.seal("hemmelig", place="client.name")
    with pytest.raises(Unreadable):
        ring.open(sealed, place="client.address")
    with pytest.raises(Unreadable):
        ring.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), place="client.name")


def test_an_envelope_that_was_cut_short_does_not_open() -> None:
    ring = Keyring.from_roots({1: OLD})
    with pytest.raises(Unreadable):
        ring.open(ring.seal("x", place="a.b")[:9], place="a.b")


def test_equal_values_look_different() -> None:
    ring = Keyring.from_roots({1: OLD})
    assert ring.seal("ens", place="a.b") != ring.seal("ens", place="a.b")


def test_the_newest_key_seals_and_old_ones_still_open() -> None:
    before = Keyring.from_roots({1: OLD}).seal("gammel", place="a.b")
    both = Keyring.from_roots({1: OLD, 2: NEW})
    assert both.open(before, place="a.b") == "gammel"
    with pytest.raises(Unreadable):
        Keyring.from_roots({1: OLD}).open(both.seal("ny", place="a.b"), place="a.b")


def test_the_index_key_survives_rotation() -> None:
    assert Keyring.from_roots({1: OLD}).index_key == Keyring.from_roots({1: OLD, 2: NEW}).index_key


@pytest.mark.parametrize("roots", [{}, {1: b"short"}])
def test_a_vault_without_a_whole_key_does_not_open(roots: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring.from_roots(roots)
