"""Which looks are drawn by lot each week, and which weigh more (R-502)."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nlargest

from portal.domain.disclosure import Relation

SIZE = 20
ANSWER_DAYS = timedelta(days=10)
# Somebody who works with the case, by what she was to it.
INSIDE = frozenset({Relation.CT, Relation.TT})
OUTSIDE_WEIGHT, REVEAL_WEIGHT, CLOSED_WEIGHT = 4, 4, 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A look that may be drawn."""

    event_id: int
    relation: str | None
    is_reveal: bool
    is_closed: bool


def weight(look: Candidate) -> int:
    """How often this look stands in the lot: from outside the team, an opened address and a closed case count more."""
    outside = look.relation is not None and look.relation not in INSIDE
    return 1 + OUTSIDE_WEIGHT * outside + REVEAL_WEIGHT * look.is_reveal + CLOSED_WEIGHT * look.is_closed


def draw(looks: Iterable[Candidate], seed: bytes, size: int = SIZE) -> list[int]:
    """Draw looks without putting them back (R-502). Nobody who does not hold the seed can tell which it will be.

    Each look gets a number between 0 and 1 from the seed, raised to the power of one by its weight: the largest win.
    """
    return [
        look.event_id
        for look in nlargest(size, looks, key=lambda look: _luck(look.event_id, seed) ** (1 / weight(look)))
    ]


def _luck(event_id: int, seed: bytes) -> float:
    digest = hmac.digest(seed, str(event_id).encode(), "sha256")
    return (int.from_bytes(digest[:6], "big") + 1) / (2**48 + 1)


def due_on(drawn_on: date) -> date:
    """By when a drawn look must be explained: ten days later (R-502)."""
    return drawn_on + ANSWER_DAYS
