"""What a text in the search box can be."""

from datetime import date

import pytest

from portal.domain.search import read_question

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("22.11.", date(2026, 11, 22)),
        ("22.11", date(2026, 11, 22)),
        ("22/11", date(2026, 11, 22)),
        (" 22.11.2026 ", date(2026, 11, 22)),
        ("22-11-2025", date(2025, 11, 22)),
        ("3.1.", date(2027, 1, 3)),
        ("1.9.", date(2026, 9, 1)),
        ("29.2.", date(2028, 2, 29)),
        ("31.2.", None),
        ("0.5.", None),
        ("22.11.0000", None),
        ("22112026", None),
        ("22.11.20267", None),
        ("Amira", None),
    ],
)
def test_a_day_is_told_by_its_form(text: str, day: date | None) -> None:
    today = date(2027, 11, 20) if text == "29.2." else TODAY
    assert read_question(text, today).day == day


@pytest.mark.parametrize(
    ("text", "referral"),
    [("BCDF23", "BCDF23"), ("bcdf23", "BCDF23"), ("BCDF2", None), ("BCDF234", None), ("BCDFA3", None), ("Amira", None)],
)
def test_the_reference_of_a_referral_is_told_by_its_signs(text: str, referral: str | None) -> None:
    assert read_question(text, TODAY).referral == referral


@pytest.mark.parametrize(("text", "word"), [("Ci", "Ci"), ("C", None), ("22.11.", None), (" ro ", "ro")])
def test_one_letter_is_looked_for_in_no_name_of_a_house(text: str, word: str | None) -> None:
    assert read_question(text, TODAY).word == word
