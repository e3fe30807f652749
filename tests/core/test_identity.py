"""CPR numbers, telephone numbers and ages."""

from datetime import date

import pytest

from portal.core import identity
from portal.core.identity import IdentityProblem, age_band, check_cpr, check_phone

TODAY = date(2026, 11, 21)
INVENTED = "0101304123"


@pytest.mark.parametrize("typed", ["010130-4123", "010130 4123", INVENTED, f" {INVENTED} "])
def test_an_invented_number_is_taken_in_demo_and_test(typed: str) -> None:
    assert check_cpr(typed, allow_invented=True, on=TODAY) == INVENTED


def test_an_invented_number_is_refused_where_people_are_real() -> None:
    with pytest.raises(IdentityProblem) as caught:
        check_cpr(INVENTED, allow_invented=False, on=TODAY)
    assert caught.value.code == "future"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("310230-4123", "no_such_date"),
        ("010030-4123", "no_such_date"),
        ("610130-4123", "replacement"),
        ("910130-4123", "replacement"),
        ("010130412", "format"),
        ("01013041234", "format"),
        ("01013O4123", "format"),
        ("０１０１３０４１２３", "format"),
        ("010130--4123", "format"),
        ("0101305123", "future"),
        ("0101905123", "too_old"),
        ("0101100123", "too_old"),
        ("010130-412", "format"),
    ],
)
def test_numbers_that_cannot_be_are_refused(typed: str, code: str) -> None:
    with pytest.raises(IdentityProblem) as caught:
        check_cpr(typed, allow_invented=True, on=TODAY)
    assert caught.value.code == code


def test_a_number_that_fails_modulus_11_is_taken() -> None:
    assert check_cpr("0101304123", allow_invented=True, on=date(2031, 1, 1)) == "0101304123"


def test_the_number_tells_the_birth_date() -> None:
    assert identity.cpr_birth_date(INVENTED) == date(2030, 1, 1)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12345678", "+4512345678"),
        ("+45 12 34 56 78", "+4512345678"),
        ("004512345678", "+4512345678"),
        ("12-34-56-78", "+4512345678"),
        ("+1 202 555 0143", "+12025550143"),
        ("0046 70 123 45 67", "+46701234567"),
    ],
)
def test_telephone_numbers_have_one_form(typed: str, stored: str) -> None:
    assert check_phone(typed) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1234567", "length"),
        ("123456789", "length"),
        ("+45 02 34 56 78", "no_such_number"),
        ("90 12 34 56", "premium"),
        ("+1 23", "length"),
        ("+012345678", "length"),
        ("+1234567890123456", "length"),
        ("ring hjem", "format"),
        ("１２３４５６７８", "format"),
        ("", "format"),
    ],
)
def test_numbers_that_cannot_be_called_are_refused(typed: str, code: str) -> None:
    with pytest.raises(IdentityProblem) as caught:
        check_phone(typed)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("year", "band"),
    [
        (2026, "0-3"),
        (2023, "0-3"),
        (2022, "4-6"),
        (2019, "7-10"),
        (2012, "11-14"),
        (2009, "15-17"),
        (2008, "18-24"),
        (2001, "25-29"),
        (1996, "30-39"),
        (1977, "40-49"),
        (1976, "50+"),
        (1930, "50+"),
    ],
)
def test_ages_are_shown_in_bands(year: int, band: str) -> None:
    assert age_band(year, TODAY) == band


def test_a_year_that_has_not_come_has_no_band() -> None:
    with pytest.raises(IdentityProblem):
        age_band(2027, TODAY)


@pytest.mark.parametrize(("year", "code"), [(2008, None), (2009, "too_young"), (1911, None), (1910, "too_old")])
def test_she_is_grown_up(year: int, code: str | None) -> None:
    if code is None:
        assert identity.check_birth_year(year, on=TODAY) == year
        return
    with pytest.raises(IdentityProblem) as caught:
        identity.check_birth_year(year, on=TODAY)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("year", "hers", "code"),
    [
        (2020, 1990, None),
        (2026, None, None),
        (2008, None, None),
        (2007, None, "not_a_child"),
        (2027, None, "future"),
        (2010, 1999, "older_than_mother"),
        (2011, 1999, None),
    ],
)
def test_a_childs_birth_year_fits(year: int, hers: int | None, code: str | None) -> None:
    if code is None:
        assert identity.check_child_birth_year(year, on=TODAY, mother_birth_year=hers) == year
        return
    with pytest.raises(IdentityProblem) as caught:
        identity.check_child_birth_year(year, on=TODAY, mother_birth_year=hers)
    assert caught.value.code == code
