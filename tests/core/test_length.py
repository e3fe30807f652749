"""What reads typed text takes time by its length and no more: no long line stops the portal (ASVS 1.3.12)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from time import perf_counter

import pytest

from portal.core.dates import parse_date, parse_hours, parse_time
from portal.core.identity import check_cpr, check_phone
from portal.core.money import parse_kroner
from portal.core.text import check_name, normalise
from portal.queries.client_search import search_kind, wanted

Reader = Callable[[str], object]
READERS: dict[str, Reader] = {
    "a day": parse_date,
    "a time": parse_time,
    "hours": parse_hours,
    "kroner": parse_kroner,
    "a telephone number": check_phone,
    "a CPR number": lambda text: check_cpr(text, allow_invented=False, on=date(2026, 11, 21)),
    "a text": normalise,
    "a name": check_name,
    # As the search field hands it on.
    "what is looked for": lambda text: wanted(normalise(text)),
    "how it is looked for": lambda text: search_kind(normalise(text)),
}
# What makes a careless pattern try every way to cut a text in two.
PIECES = {
    "blanks": ("1", " ", "x"),
    "digits": ("", "1", "x"),
    "digits and blanks": ("", "1 ", "x"),
    "points": ("", "1.", "x"),
    "thousands": ("1", ".000", "x"),
    "plus signs": ("", "+", "1"),
    "brackets": ("", "(", "1"),
    "letters": ("", "a", "1990"),
    "commas": ("1", ",", "-"),
    "months": ("1", "januar ", "x"),
    "marks on a letter": ("a", "\u0301\u0327", "x"),
    "lines": ("a", "\r\n", "x"),
}
SHORT, LONG = 8_000, 64_000
# Eight times the length may take forty times as long on a busy machine; what grows by squares takes 64 times and more,
# and at this length several seconds.
GROWTH, BASE = 40, 0.02


def seconds(read: Reader, text: str) -> float:
    begun = perf_counter()
    with suppress(ValueError):
        read(text)
    return perf_counter() - begun


@pytest.mark.parametrize("what", READERS)
@pytest.mark.parametrize("of", PIECES)
def test_time_grows_with_the_length_and_not_with_its_square(what: str, of: str) -> None:
    first, middle, last = PIECES[of]
    short, long = (first + middle * (size // len(middle)) + last for size in (SHORT, LONG))
    before = min(seconds(READERS[what], short) for _turn in range(3))
    assert seconds(READERS[what], long) < max(before, BASE) * GROWTH
