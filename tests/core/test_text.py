"""Text: made uniform, refused, looked through."""

from time import monotonic

import pytest

from portal.core.text import (
    TextProblem,
    check_name,
    danish_order,
    normalise,
    normalise_name,
    scan_sensitive,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  hej \u00a0", "hej"),
        ("A\u030ase", "Åse"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("Ø", "Ø"),
        ("a\tb", "a\tb"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{7*7}} %s%n '; DROP", "{{7*7}} %s%n '; DROP"),
        ("👩‍👩‍👧 tak", "👩‍👩‍👧 tak"),
        ("مريم", "مريم"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_text_is_made_uniform(typed: str, kept: str) -> None:
    assert normalise(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("   ", "blank"),
        ("\u200b\u200d", "blank"),
        ("\u00a0", "blank"),
        ("", "blank"),
        ("\u200b \u200b", "blank"),
        ("a\u202eb", "control"),
        ("a\u2066b", "control"),
        ("\ufeffa", "control"),
        ("a\x00b", "control"),
        ("a\ud800b", "control"),
        ("a\x1bb", "control"),
    ],
)
def test_what_is_not_text_is_refused(typed: str, code: str) -> None:
    with pytest.raises(TextProblem) as caught:
        normalise(typed)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "name",
    [
        "Åse-Marie O'Neill Ærø-Østergård",
        "Ø",
        "مريم",
        "ትግስት",
        "Оксана",
        "Nguyễn Thị",
        "a" * 120,
        "Аnna",
        "'; DROP TABLE",
    ],
)
def test_names_of_all_kinds_are_names(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a" * 121, "too_long"),
        ("Åse 👩‍👩‍👧", "symbol"),
        ("Åse\nHolm", "line_break"),
        ("Åse 010180-1234", "sensitive"),
        ("Åse 20 30 40 50", "sensitive"),
        ("  ", "blank"),
        ("Åse\u202e", "control"),
    ],
)
def test_what_is_not_a_name_is_refused(name: str, code: str) -> None:
    with pytest.raises(TextProblem) as caught:
        check_name(name)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Åse Holm", "HOLM  aase"),
        ("Søren Ærø", "soeren aeroe"),
        ("Anne-Marie O'Neill", "oneill annemarie"),
        ("A\u030ase", "Åse"),
        ("José Müller", "jose muller"),
        ("Holm, Åse", "Åse\u00a0Holm"),
    ],
)
def test_names_that_are_written_differently_fold_to_the_same(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


def test_different_names_stay_different() -> None:
    assert normalise_name("Maja Holm") != normalise_name("Maja Holmgaard")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hendes nummer er 010180-1234.", [("cpr", "010180-1234")]),
        ("0101801234", [("cpr", "0101801234")]),
        ("010180 1234", [("cpr", "010180 1234")]),
        ("erstatning 610180-1234", [("cpr", "610180-1234")]),
        ("ring 20 30 40 50 i dag", [("phone", "20 30 40 50")]),
        ("tlf. 20304050", [("phone", "20304050")]),
        ("tlf. 2030 4050", [("phone", "2030 4050")]),
        ("+45 20 30 40 50", [("phone", "+45 20 30 40 50")]),
        ("004520304050", [("phone", "004520304050")]),
        ("+46 70 123 45 67", [("phone", "+46 70 123 45 67")]),
        ("bor Nørre Allé 12B, st. tv. nu", [("address", "Nørre Allé 12B, st. tv.")]),
        ("Gl. Kongevej 1A, 3. mf.", [("address", "Gl. Kongevej 1A, 3. mf."[4:])]),
        ("på nørregade 12 i går", [("address", "nørregade 12")]),
        ("8000 Aarhus", [("address", "8000 Aarhus")]),
        ("Rosenvænget 3, 2200 København", [("address", "Rosenvænget 3, 2200 København")]),
        ("1970 Frederiksberg", [("address", "1970 Frederiksberg")]),
        ("+46 201080 1234", [("cpr", "201080 1234")]),
    ],
)
def test_what_belongs_in_protected_fields_is_found(text: str, found: list[tuple[str, str]]) -> None:
    assert [(hit.kind.value, text[hit.start : hit.end]) for hit in scan_sensitive(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "den 31-12-2026",
        "den 31.12.2026",
        "02 10 2026",
        "2026-10-02",
        "31122026",
        "20261002",
        "sag 2026-0431",
        "6.400 kr.",
        "12.345.678 kr.",
        "12345678 kr.",
        "1.234,50",
        "kl. 14.00-15.30",
        "12.03 - 02.05",
        "uge 5 af 13",
        "plads 3 på ventelisten",
        "alle 3 børn",
        "har have 2 gange",
        "i børnehaven 2 gange om ugen",
        "i 2026 Maja flyttede",
        "kl. 1400 Maja",
        "§ 109 stk. 8",
        "hun fik 5 timer",
        "mødte alle 3",
        "møde 7 af 9",
        "på vej 2 dage",
        "20 %",
    ],
)
def test_dates_references_and_amounts_are_left_alone(text: str) -> None:
    assert scan_sensitive(text) == []


@pytest.mark.parametrize("text", ["A " * 10_000, "a" * 20_000, "12 1 " * 4_000, "vej" * 6_000, "Nørregade " * 2_000])
def test_the_longest_note_is_looked_through_at_once(text: str) -> None:
    start = monotonic()
    assert scan_sensitive(text) == []
    assert monotonic() - start < 1


def test_the_danish_letters_come_last_in_their_order() -> None:
    words = ["Åben", "ærlig", "Zebra", "øl", "abe", "A\u030al"]
    assert sorted(words, key=danish_order) == ["abe", "Zebra", "ærlig", "øl", "Åben", "A\u030al"]
