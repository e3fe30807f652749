"""Kroner as typed, øre as kept."""

import pytest

from portal.core.money import MoneyProblem, format_kroner, parse_kroner, share


@pytest.mark.parametrize(
    ("typed", "ore"),
    [
        ("1.234,50", 123450),
        ("1 234,50", 123450),
        ("1\u00a0234,50", 123450),
        ("1234,50", 123450),
        ("6400", 640000),
        ("6.400", 640000),
        ("6.400 kr.", 640000),
        ("6.400,-", 640000),
        ("0,01", 1),
        ("12,5", 1250),
        ("50 kroner", 5000),
        ("9.999.999,99", 999_999_999),
    ],
)
def test_danish_amounts_are_read(typed: str, ore: int) -> None:
    assert parse_kroner(typed) == ore


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1234.50", "unreadable"),
        ("12.50", "unreadable"),
        ("1.234 567", "unreadable"),
        ("-1", "unreadable"),
        ("0", "not_positive"),
        ("0,00", "not_positive"),
        ("0,001", "unreadable"),
        ("1e9", "unreadable"),
        ("NaN", "unreadable"),
        ("Infinity", "unreadable"),
        ("١٢٣", "unreadable"),
        ("", "unreadable"),
        ("1,2,3", "unreadable"),
        ("10.000.000", "too_large"),
        ("2147483648", "too_large"),
        ("9223372036854775808", "too_large"),
        ("9" * 400, "too_large"),
    ],
)
def test_other_amounts_are_refused(typed: str, code: str) -> None:
    with pytest.raises(MoneyProblem) as caught:
        parse_kroner(typed)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("ore", "shown"),
    [
        (640000, "6.400 kr."),
        (640050, "6.400,50 kr."),
        (5, "0,05 kr."),
        (0, "0 kr."),
        (-123456789, "-1.234.567,89 kr."),
    ],
)
def test_amounts_are_written_as_danes_do(ore: int, shown: str) -> None:
    assert format_kroner(ore) == shown


@pytest.mark.parametrize(("ore", "part", "whole", "expected"), [(100, 1, 3, 33), (100, 2, 3, 67), (5, 1, 2, 3)])
def test_shares_are_rounded_half_up(ore: int, part: int, whole: int, expected: int) -> None:
    assert share(ore, part=part, whole=whole) == expected


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError):
        share(100, part=1, whole=0)
