"""What a password must be, and what nobody asks of it (ASVS 6.1.2, 6.2.1, 6.2.4, 6.2.5, 6.2.9, 6.2.11; R-195)."""

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from portal.domain import passwords
from portal.domain.passwords import LONGEST, SHORTEST, WORN, is_common, problem

ABOUT = ("Anna Holmstrup", "anna.holmstrup", "Krisecenter Lærken")


def test_fourteen_characters_are_too_few_and_fifteen_are_enough() -> None:
    assert SHORTEST == 15
    assert problem("tre blå fisk en", about=ABOUT) is None
    assert problem("tre blå fisk e", about=ABOUT) is not None


@pytest.mark.parametrize("length", [64, 100, LONGEST])
def test_a_long_sentence_is_a_password(length: int) -> None:
    assert problem(("fjorten grønne kajakker sover under broen " * 4)[:length].replace(" b", "_b"), about=ABOUT) is None


@pytest.mark.parametrize("password", [
    "kajakker sover under broen", "KAJAKKER SOVER UNDER BROEN", "kajakkersoverunderbroen", "кайаки спят под мостом",
    "kajakker 48213 mostbroen", "🛶 kajakker sover 🌉 ude", "x kajakker;sover'under--broen",
])  # fmt: skip
def test_no_kind_of_sign_is_asked_for_or_refused(password: str) -> None:
    assert problem(password, about=ABOUT) is None


def test_none_of_the_passwords_that_many_use_is_taken_nor_one_of_them_twice() -> None:
    known = list(FREQUENCY_LISTS["passwords"])
    assert len(known) >= 30_000
    long = [one for one in known if len(one) >= SHORTEST]
    doubled = [one * 2 for one in known if SHORTEST <= 2 * len(one) <= LONGEST][:1_000]
    assert len(doubled) == 1_000
    assert [one for one in (*long, *known[:3_000], *doubled) if problem(one, about=()) is None] == []


@pytest.mark.parametrize(
    "password", ["mOmSaNaLaDvEnTuRe", "zQjPhSyF6CtIfGu", "lIvErPoOlLiVeRpOoL", "mInEcRaFtMiNeCrAfT"]
)
def test_the_kept_list_catches_what_is_long_and_hard_to_guess_by_its_signs(
    monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    # Written as they stand in the list, the meter of guesses knows every one of 15 signs or more; not in this way.
    assert len(password) >= SHORTEST
    assert is_common(password.casefold())
    assert problem(password, about=()) == "Many use this password. Choose another."
    monkeypatch.setattr(passwords, "is_common", lambda _folded: False)
    assert problem(password, about=()) is None


@pytest.mark.parametrize("word", ["Anna Holmstrup", "holmstrup", "Krisecenter Lærken", *WORN])
def test_a_word_that_others_know_does_not_make_a_password(word: str) -> None:
    for password in (f"{word}{word}{word}12", f"{word}-2026-{word}-2026", f"{word}1234567890123"):
        assert problem(password[:LONGEST], about=ABOUT) is not None, password
