"""What can be looked for, how long one watches, and which names tell where a centre lies."""

from datetime import date, timedelta

import pytest

from portal.core.enums import Region
from portal.core.errors import Invalid
from portal.domain.vacancies import KINDS, Room, Spoken, Wanted, read_wanted, spoken_in, tells_no_place, watch_until

TODAY = date(2026, 11, 20)


def test_what_is_looked_for_goes_into_codes_and_back() -> None:
    wanted = Wanted("rooms", Region.NORTH, 2, 9, accessible=True, language=Spoken.ARABIC, room=Room.NOW)
    assert read_wanted(wanted.codes()) == wanted
    assert Wanted().codes() == {} and read_wanted({"kind": "", "region": ""}) == Wanted()
    assert "cti" in KINDS


@pytest.mark.parametrize(
    "codes",
    [
        {"kind": "castle"},
        {"region": "Jylland"},
        {"children": "10"},
        {"children": "-1"},
        {"children": "²"},
        {"age": "18"},
        {"language": "xx"},
        {"room": "perhaps"},
    ],
)
def test_what_is_no_code_is_refused(codes: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        read_wanted(codes)


def test_a_watch_ends_within_sixty_days() -> None:
    assert watch_until(None, TODAY) == TODAY + timedelta(days=60)
    assert watch_until(TODAY, TODAY) == TODAY
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=61)):
        with pytest.raises(Invalid):
            watch_until(day, TODAY)


@pytest.mark.parametrize(
    ("name", "is_free"),
    [
        ("Krisecenter Lærken", True),
        ("Krisecenter Havblik", True),
        ("Krisecentret i Odense", False),
        ("Aalborg Krisecenter", False),
        ("Kvindehuset Randers", False),
    ],
)
def test_a_name_with_a_town_in_it_tells_where(name: str, is_free: bool) -> None:
    assert tells_no_place(name) is is_free


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Arabisk", Spoken.ARABIC),
        ("arabic", Spoken.ARABIC),
        ("ar", Spoken.ARABIC),
        ("Kurmanji, lidt dansk", Spoken.KURDISH),
        ("dansk/somali", Spoken.DANISH),
        ("(persisk)", Spoken.FARSI),
        ("tigrinya", None),
        ("arabesk", None),
        ("", None),
        (None, None),
    ],
)
def test_the_language_of_a_case_is_read_in_danish_and_in_english(text: str | None, spoken: Spoken | None) -> None:
    assert spoken_in(text) is spoken


def test_every_language_of_the_board_is_found_by_its_own_name() -> None:
    assert {spoken_in(one.value) for one in Spoken} == set(Spoken)
