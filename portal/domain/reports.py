"""Figures for leads: bands, shares and how sure they are. One group without a control: a share, never more (R-092)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

from portal.core.measures import FollowUpPoint
from portal.domain.cti import PUBLISHED_EXPOSURE
from portal.domain.instruments import FEW

WAITING_BANDS: tuple[tuple[str, int, int | None], ...] = (
    ("0-7", 0, 7),
    ("8-14", 8, 14),
    ("15-30", 15, 30),
    ("31-60", 31, 60),
    ("60+", 61, None),
)
# At which follow-up the violence of a phase is asked about, and the published figure it stands beside.
EXPOSURE_POINTS: Mapping[FollowUpPoint, str] = {
    FollowUpPoint.START: "start",
    FollowUpPoint.PHASE_2: "p2",
    FollowUpPoint.PHASE_3: "p3",
}
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """A share of n with its interval, all from 0 to 1; nothing where nobody answered."""

    key: str
    n: int
    share: float | None
    low: float | None
    high: float | None
    published: float

    @property
    def is_few(self) -> bool:
        """Fewer than five answers: marked, for chance alone may have made it."""
        return self.n < FEW


def wilson(count: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share, from 0 to 1. Raises ValueError for an empty group."""
    if n <= 0 or not 0 <= count <= n:
        raise ValueError("a share needs a group")
    p, square = count / n, Z * Z
    centre = (p + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * sqrt(p * (1 - p) / n + square / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def exposure_shares(counts: Mapping[FollowUpPoint, tuple[int, int]]) -> list[Share]:
    """Shares exposed to violence by phase from (exposed, asked), beside the published figures (R-092).

    Before the stay is published only: the portal does not measure it.
    """
    shares = [Share("before", 0, None, None, None, PUBLISHED_EXPOSURE["before"] / 100)]
    for point, key in EXPOSURE_POINTS.items():
        exposed, n = counts.get(point, (0, 0))
        low, high = wilson(exposed, n) if n else (None, None)
        shares.append(Share(key, n, exposed / n if n else None, low, high, PUBLISHED_EXPOSURE[key] / 100))
    return shares


def waiting_bands(days: Iterable[int]) -> list[tuple[str, int]]:
    """How many waited how long from referral to start, in days."""
    counted = dict.fromkeys((name for name, _low, _high in WAITING_BANDS), 0)
    for waited in days:
        for name, low, high in WAITING_BANDS:
            if max(waited, 0) >= low and (high is None or waited <= high):
                counted[name] += 1
    return list(counted.items())


def percent(count: int, n: int) -> int | None:
    """A count as a whole percentage, halves up; nothing when there is nobody."""
    return None if n == 0 else (200 * count + n) // (2 * n)


def quarter_of(day: date) -> tuple[date, date]:
    """The first day of a day's quarter, and the first day of the next."""
    month = 3 * ((day.month - 1) // 3) + 1
    return date(day.year, month, 1), date(day.year + (month == 10), (month + 2) % 12 + 1, 1)
