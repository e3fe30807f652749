"""The cipher and the root keys: what is sealed opens in its own context only, with any root that is still known."""

import pytest

from portal.vault.cipher import Unreadable, context, decrypt, derive, encrypt
from portal.vault.keys import Keyring, OrganisationKey

OLD, NEW = b"a" * 32, b"b" * 32


def test_equal_values_look_different() -> None:
    assert encrypt(OLD, b"ens", b"") != encrypt(OLD, b"ens", b"")


def test_a_value_opens_in_its_own_context_only() -> None:
    sealed = encrypt(OLD, b"hemmelig", context("client.name", 1))
    assert decrypt(OLD, sealed, context("client.name", 1)) == b"hemmelig"
    for key, about in ((OLD, context("client.name", 2)), (NEW, context("client.name", 1))):
        with pytest.raises(Unreadable):
            decrypt(key, sealed, about)


def test_a_context_cannot_be_read_in_two_ways() -> None:
    assert context("a", "b,c") != context("a,b", "c")
    assert context(1, "2") != context("1", 2)


def test_a_key_for_one_purpose_says_nothing_about_another() -> None:
    assert derive(OLD, "v2|client.name") != derive(OLD, "v2|client.phone") != OLD


def test_what_was_cut_short_does_not_open() -> None:
    sealed = encrypt(OLD, b"x", b"")
    for length in range(len(sealed)):
        with pytest.raises(Unreadable):
            decrypt(OLD, sealed[:length], b"")


def test_a_million_nonces_would_not_repeat() -> None:
    # 96 random bits: among 200,000 a repetition would mean that they are not random. And each bit is as often 1 as 0.
    seals = 200_000
    nonces = {encrypt(OLD, b"", b"")[:12] for _ in range(seals)}
    assert len(nonces) == seals
    some = list(nonces)[:10_000]
    ones = [sum(nonce[place // 8] >> place % 8 & 1 for nonce in some) for place in range(96)]
    assert all(abs(count - len(some) / 2) < 400 for count in ones)


def test_the_newest_root_wraps_and_old_ones_still_unwrap() -> None:
    before = Keyring.from_roots({1: OLD}).new_organisation_key(7)
    both = Keyring.from_roots({1: OLD, 2: NEW})
    after = both.rewrap_organisation_key(before)
    assert (before.root, after.root, after.id) == (1, 2, before.id)
    data = both.new_data_key(before)
    only_new = Keyring.from_roots({2: NEW})
    moved = both.rewrap_data_key(data, after)
    assert only_new.unwrap(moved) == both.unwrap(data)
    with pytest.raises(Unreadable):
        only_new.unwrap(data)


def test_a_wrapped_key_does_not_open_for_another_organisation_or_under_another_name() -> None:
    ring = Keyring.from_roots({1: OLD})
    key = ring.new_organisation_key(7)
    for stolen in (
        OrganisationKey(key.id, 8, key.root, key.wrapped),
        OrganisationKey(key.id + 1, 7, key.root, key.wrapped),
    ):
        with pytest.raises(Unreadable):
            ring.rewrap_organisation_key(stolen)


def test_keys_are_never_shown() -> None:
    ring = Keyring.from_roots({1: OLD})
    opened = ring.unwrap(ring.new_data_key(ring.new_organisation_key(1)))
    assert repr(OLD) not in repr(ring)
    assert repr(opened.secret) not in repr(opened)


@pytest.mark.parametrize("roots", [{}, {1: b"short"}])
def test_a_vault_without_a_whole_key_does_not_open(roots: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring.from_roots(roots)
