"""How long it may be that nobody has reached her, over everything that runs for her (features.md 2, idea 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.core.measures import Phase

# Days without anybody reaching her, by what runs. With several courses the shortest counts.
CTI_DAYS: Mapping[Phase, int] = {Phase.PRE: 14, Phase.P1: 7, Phase.P2: 14, Phase.P3: 31, Phase.ENDED: 30}
COURSE_DAYS = 14
CASE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Quiet:
    """Since when nobody has reached her, how often it was tried since then, and how long it may be."""

    since: date
    attempts: int
    limit: int
    # False while nobody has reached her at all: then it is counted from the day on which the case was opened.
    was_reached: bool = True

    def days(self, today: date) -> int:
        """Days since somebody reached her, or since the case began."""
        return max((today - self.since).days, 0)

    def is_long(self, today: date) -> bool:
        """Whether it is longer than it may be (R-724)."""
        return self.days(today) >= self.limit
