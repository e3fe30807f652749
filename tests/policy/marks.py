"""Unique marks for protected values, and the search for them in whatever comes out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

TEXT = re.compile(r"q[0-9a-f]{7}z|QQ[A-Z]{14}")
# However a number is grouped for the eye: it is looked for without what stands between its digits.
BETWEEN = re.compile(r"(?<=\d)[\s\u00a0\u202f.-]+(?=\d)")
# What a case is called on the telephone: it is in nobody's columns sealed, and still tells that she is here.
REFERENCE = re.compile(r"(?<![\w-])(?:\d{4}-\d{4,6}|[A-Z0-9]{6})(?![\w-])")
LETTERS = str.maketrans("0123456789", "ABCDEFGHIJ")
DIGITS = re.compile(r"\d{8,14}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mark stands: the column, the row, and the case that the row is about, if it is about one."""

    table: str
    column: str
    key: Any
    case_id: int | None = None

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


class Marks:
    """Every mark that was given out, and where it was put."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.places: dict[str, Place] = {}

    def new(self) -> str:
        """A word that stands nowhere else; what looks at texts takes it neither for a number nor for an address."""
        return f"q{next(self._numbers) * 7919:07x}z"

    def secret(self) -> str:
        """A word in the letters that the secret of a code app is written with."""
        return "QQ" + f"{next(self._numbers) * 7919:014d}".translate(LETTERS)

    def digits(self, length: int, first: str) -> str:
        """A number that stands nowhere else."""
        return first + f"{next(self._numbers) * 7919:0{length - len(first)}d}"

    def put(self, mark: str, place: Place) -> str:
        """Note where a mark stands."""
        self.places[mark] = place
        return mark

    def found_in(self, text: str) -> dict[str, Place]:
        """The marks that stand in a text, numbers also in groups."""
        return {mark: self.places[mark] for mark in _words(text) if mark in self.places}


def _words(text: str) -> Iterator[str]:
    yield from TEXT.findall(text)
    yield from REFERENCE.findall(text)
    for number in DIGITS.findall(BETWEEN.sub("", text)):
        for length in (8, 10, 14):
            yield from (number[start : start + length] for start in range(len(number) - length + 1))
