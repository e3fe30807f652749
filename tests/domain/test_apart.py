"""Postal areas as typed, which homes are near, and who meets whom by a placement."""

from datetime import date

import pytest

from portal.core.errors import Invalid
from portal.domain.apart import (
    Flag,
    Party,
    are_near,
    hits,
    is_avoided,
    postal_code,
    read_areas,
    review_day,
    write_areas,
)

TODAY = date(2026, 11, 20)
# Case 1 apart from case 2, from account 9, and from an area.
PAIR, PERSON, AREA = Flag(1, 1, 2, None, None), Flag(2, 1, None, 9, None), Flag(3, 1, None, None, "2400-2450")
EVERY = (PAIR, PERSON, AREA)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2400", "2400"),
        (" 2650 - 2700 ,2400", "2400, 2650-2700"),
        ("0800;2400\n2500", "0800, 2400, 2500"),
    ],
)
def test_areas_are_read_as_typed(typed: str, kept: str) -> None:
    assert write_areas(read_areas(typed)) == kept


@pytest.mark.parametrize("typed", [None, "", " , ", "240", "24000", "København", "2700-2600", "2400-", "1000," * 21])
def test_what_is_no_area_is_refused_beside_the_field(typed: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        read_areas(typed)
    assert refused.value.field == "areas"


@pytest.mark.parametrize(
    ("address", "code"),
    [("Skovvej 3, 2420 Skovby", 2420), ("Parken 1200, 2. tv, 4100 By", 4100), ("Skovvej 3", None), (None, None)],
)
def test_the_postal_code_is_the_last_number_of_four_digits(address: str | None, code: int | None) -> None:
    assert postal_code(address) == code


def test_what_is_not_known_of_an_address_is_asked_about() -> None:
    assert is_avoided("2400-2450", "Skovvej 3, 2420 Skovby")
    assert not is_avoided("2400-2450", "Skovvej 3, 2451 Skovby")
    assert is_avoided("2400-2450", None)
    assert are_near("A 1, 2420 By", "B 2, 2420 By")
    assert not are_near("A 1, 2420 By", "B 2, 4100 By")
    assert are_near("A 1, 2420 By", None)


@pytest.mark.parametrize(
    ("new", "there", "found"),
    [
        (Party(case_id=1), Party(case_id=2), [1]),
        (Party(case_id=2), Party(case_id=1), [1]),
        (Party(case_id=1), Party(user_id=9), [2]),
        (Party(user_id=9), Party(case_id=1), [2]),
        (Party(case_id=1), Party(case_id=3), []),
        (Party(case_id=2), Party(user_id=9), []),
        (Party(case_id=2), Party(case_id=2), []),
        (Party(user_id=9), Party(user_id=9), []),
    ],
)
def test_who_meets_whom(new: Party, there: Party, found: list[int]) -> None:
    assert [flag.id for flag in hits(EVERY, [new], [there])] == found


@pytest.mark.parametrize(
    ("given", "other", "found"),
    [
        ("A 1, 2420 By", "B 2, 2420 By", [1, 3]),
        ("A 1, 2420 By", "B 2, 4100 By", [3]),
        ("A 1, 4100 By", "B 2, 4100 By", [1]),
        ("A 1, 4100 By", "B 2, 2420 By", []),
        ("A 1", "B 2, 2420 By", [1, 3]),
    ],
)
def test_a_home_is_near_or_in_an_area(given: str, other: str, found: list[int]) -> None:
    there = [Party(case_id=2, unit_id=20)]
    met = hits(EVERY, [Party(case_id=1)], there, home=10, addresses={10: given, 20: other})
    assert [flag.id for flag in met] == found


def test_it_is_looked_at_again_in_half_a_year_or_on_the_day_named() -> None:
    assert review_day(None, TODAY) == date(2027, 5, 20)
    assert review_day(date(2027, 1, 4), TODAY) == date(2027, 1, 4)
    for wrong in (TODAY, date(2029, 1, 1)):
        with pytest.raises(Invalid):
            review_day(wrong, TODAY)
