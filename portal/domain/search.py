"""What somebody writes into the search box: told by its form, before anything is looked up."""

import re
from dataclasses import dataclass
from datetime import date

from portal.core.enums import Permission as P
from portal.core.ids import ALPHABET, REFERENCE_LENGTH

# Whoever may do one of these has something to find.
SEARCHES = (P.CASE_SEARCH, P.CASE_VIEW, P.PROGRAMME_VIEW, P.MEETING_VIEW)
# A word of so many letters is looked for within the names of programmes and organisations, never of people.
SHORTEST_WORD = 2
SHORTEST_KIND = 3
_DAY = re.compile(r"([0-9]{1,2})[./-] ?([0-9]{1,2})(?:[./-] ?([0-9]{4})?)?")
_REFERRAL = re.compile(f"[{ALPHABET}]{{{REFERENCE_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Question:
    """One search: the text, and what its form says that it can be."""

    text: str
    day: date | None = None
    referral: str | None = None

    @property
    def word(self) -> str | None:
        """What is looked for in names of programmes and organisations; None where nothing is left to look for."""
        return self.text if self.day is None and len(self.text) >= SHORTEST_WORD else None


def read_question(text: str, today: date) -> Question:
    """A day, the reference of a referral, or a text (R-720)."""
    text = text.strip()
    day = _read_day(text, today)
    upper = text.upper()
    return Question(text, day, upper if day is None and _REFERRAL.fullmatch(upper) else None)


def _read_day(text: str, today: date) -> date | None:
    """22.11.2026, or 22.11. for the year in which that day is nearest; None for what is no day."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    day, month, year = match.groups()
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    days = [found for one in years if (found := _date(one, int(month), int(day))) is not None]
    return min(days, key=lambda one: abs(one - today), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
