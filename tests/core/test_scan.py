"""Free text is looked through: what hides is found, what is harmless stays, however long it is."""

from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.scan import Hit, SensitiveKind, scan_places, scan_sensitive, scan_written

# Digits of double width, as some keyboards type them.
WIDE = "\uff10\uff11\uff10\uff11\uff18\uff10-\uff11\uff12\uff13\uff14"


def found(text: str, hits: list[Hit]) -> list[tuple[str, str]]:
    return [(hit.kind.value, text[hit.start : hit.end]) for hit in hits]


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("010180\u200b-1234", "cpr", "010180\u200b-1234"),
        ("01-01-80-1234", "cpr", "01-01-80-1234"),
        ("01 01 80-1234", "cpr", "01 01 80-1234"),
        ("010180\u20111234", "cpr", "010180\u20111234"),
        ("010180/1234", "cpr", "010180/1234"),
        (WIDE, "cpr", WIDE),
        ("ring 2 0 3 0 4 0 5 0 nu", "phone", "2 0 3 0 4 0 5 0"),
        ("4030-4050", "phone", "4030-4050"),
        ("20\u00a030\u00a040\u00a050", "phone", "20\u00a030\u00a040\u00a050"),
        ("20\u200b304050", "phone", "20\u200b304050"),
        ("8000 aarhus c", "address", "8000 aarhus c"),
        ("5000 ODENSE", "address", "5000 ODENSE"),
        ("2800 kgs. lyngby", "address", "2800 kgs. lyngby"),
        ("hun bor på 2. tv", "address", "2. tv"),
        ("3. sal, th", "address", "3. sal, th"),
        ("st. tv. ved porten", "address", "st. tv."),
        ("nør\u00adregade 12", "address", "nør\u00adregade 12"),
        ("Nørregade\u00a012", "address", "Nørregade\u00a012"),
    ],
)
def test_what_hides_is_found_where_it_stands(text: str, kind: str, said: str) -> None:
    assert (kind, said) in found(text, scan_sensitive(text))


@pytest.mark.parametrize(
    "text",
    [
        "de har 2 tv og 1 sofa",
        "han er 2. næstformand",
        "mødet er den 12-10-2026 kl. 14.00",
        "sag 2026-0431 og 1999-2003",
        "budget 12 000 kr. til flytning",
        "hun er nr. 2 i køen, 3 ud af 5",
        "i vejen for 3 andre",
        "§ 109, stk. 5 og § 135",
        "WHO-5 er steget fra 32 til 56",
        "1, 2, 3, 4, 5, 6, 7, 8",
        "T0 er 30.11.2026, fase 2 fra 28.02.2027",
        "3 måneder, 12 uger og 84 dage",
        "Hun kom kl. 1400 Maja var der også",
    ],
)
def test_harmless_danish_is_left_alone(text: str) -> None:
    assert scan_sensitive(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("går på Skovvangskolen nu", "institution", "Skovvangskolen"),
        ("børnehaven Solstrålen ringede", "institution", "børnehaven Solstrålen"),
        ("lægehuset Midtby", "institution", "lægehuset Midtby"),
        ("krisecenter Lærken", "institution", "krisecenter Lærken"),
        ("flyttede til Randers i maj", "town", "Randers"),
        ("bor på Nørregade", "address", "Nørregade"),
        ("ring 20 30 40 50", "phone", "20 30 40 50"),
    ],
)
def test_what_leaves_the_house_is_looked_through_for_places_too(text: str, kind: str, said: str) -> None:
    assert (kind, said) in found(text, scan_places(text))


@pytest.mark.parametrize(
    "text",
    [
        "Børnehaven ringede i går",
        "Folkeskolen er god",
        "vejen hjem var lang",
        "Vejen hjem var lang",
        "han er glad for skolen",
    ],
)
def test_ordinary_words_are_no_places(text: str) -> None:
    assert scan_places(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("den yngste går i børnehaven Solstrålen", "institution", "børnehaven Solstrålen"),
        ("møde på Skovvangskolen", "institution", "Skovvangskolen"),
        ("han er begyndt på Sankt Annæ Skole", "institution", "Sankt Annæ Skole"),
        ("bor på Nørregade 12", "address", "Nørregade 12"),
        ("ring 20 30 40 50", "phone", "20 30 40 50"),
    ],
)
def test_what_is_saved_is_looked_through_for_schools_and_daycare_too(text: str, kind: str, said: str) -> None:
    assert (kind, said) in found(text, scan_written(text))


@pytest.mark.parametrize(
    "text",
    [
        "Skolestart for den ældste. Møde med skolen aftalt.",
        "Sprogskolen er tre gange om ugen",
        "Vi talte om børnehaven. Hun er glad for den.",
        "Hun er fra Randers og handler på Nørregade",
    ],
)
def test_what_says_no_more_than_that_there_is_one_may_be_saved(text: str) -> None:
    assert scan_written(text) == []


@given(st.text(alphabet="abæøå 0123456789-./,\u200bVNgade\n", max_size=300))
def test_hits_are_in_order_without_overlap_and_inside_the_text(text: str) -> None:
    end = 0
    for hit in scan_places(text):
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end


@pytest.mark.parametrize(
    "piece",
    [
        "A ",
        "a",
        "12 1 ",
        "vej",
        "Nørregade ",
        "2. ",
        "8000 ",
        "st. ",
        "Skolen ",
        "2 0 ",
        "010180",
        "børnehaven ",
        "20 30 40 50 ",
        "\u200b",
    ],
)
def test_a_text_twice_as_long_takes_about_twice_as_long(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        start = monotonic()
        scan_places(text)
        return monotonic() - start

    seconds(2_000)
    short, long = seconds(25_000), seconds(100_000)
    assert long < max(short, 0.02) * 4 * 3
    assert long < 8


def test_kinds_are_a_closed_list() -> None:
    assert {kind.value for kind in SensitiveKind} == {"cpr", "phone", "address", "institution", "town"}
