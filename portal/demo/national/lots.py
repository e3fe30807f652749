"""Draws in given shares. Decks are dealt out to the last card, so that a share holds in a small set too."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

# Days of a stay from and to, and the share in a hundred. Within a band the logarithm is uniform.
BANDS = ((0, 0), (1, 30), (31, 119), (120, 364), (365, 730))
# The mean is about 85 days: longer stays in the capital's region, shorter ones in the north.
SHARES_OF_BANDS = {
    "Hovedstaden": (4, 28, 36, 29, 3),
    "Nordjylland": (8, 50, 32, 10, 0),
    "": (5, 38, 37, 19, 1),
}
SLICES = 20


class Deck(Generic[T]):
    """Cards in given numbers, shuffled and dealt out; then shuffled anew."""

    def __init__(self, random: Random, cards: Sequence[tuple[T, int]]) -> None:
        self._random = random
        self._all = [card for card, count in cards for _ in range(count)]
        self._left: list[T] = []

    def deal(self) -> T:
        """The next card."""
        if not self._left:
            self._left = self._all.copy()
            self._random.shuffle(self._left)
        return self._left.pop()


def share(random: Random, percent: int) -> Deck[bool]:
    """Yes in so many of a hundred."""
    divisor = math.gcd(percent, 100)
    return Deck(random, ((True, percent // divisor), (False, (100 - percent) // divisor)))


class StayLengths:
    """How many days a stay lasts, by region."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._bands = {
            region: Deck(random, tuple(zip(BANDS, shares, strict=True))) for region, shares in SHARES_OF_BANDS.items()
        }
        slices = tuple((number, 1) for number in range(SLICES))
        self._slices = {band: Deck(random, slices) for band in BANDS}

    def deal(self, region: str) -> int:
        """Days; 0 is a stay that ended on the day on which it began."""
        band = self._bands.get(region, self._bands[""]).deal()
        low, high = band
        if high == 0:
            return 0
        place = (self._slices[band].deal() + self._random.random()) / SLICES
        return round(low * (high / low) ** place)


def season(day: date) -> float:
    """How likely an admission is on a day: eight in a hundred more in January and after summer, most on Mondays."""
    month = 1.08 if day.month in (1, 8, 9) else 1.0
    return month * (1.25, 1.05, 1.05, 1.0, 1.05, 0.8, 0.8)[day.weekday()]


def days_of_year(random: Random, first: date, days: int, count: int) -> list[date]:
    """So many admissions in a stretch of days, in order."""
    all_days = [first + timedelta(days=number) for number in range(days)]
    return sorted(random.choices(all_days, [season(day) for day in all_days], k=count))


def answer_weekdays(random: Random) -> int:
    """Weekdays until a referral is answered: median 4, one in ten more than 12."""
    return min(60, round(random.lognormvariate(math.log(4), math.log(3) / 1.2816)))


def parts(total: int, weights: Sequence[float]) -> list[int]:
    """A whole number cut in proportion to weights, to the last one."""
    whole, given, found, run = sum(weights), 0, [], 0.0
    for weight in weights:
        run += weight
        upto = round(total * run / whole)
        found.append(upto - given)
        given = upto
    return found
