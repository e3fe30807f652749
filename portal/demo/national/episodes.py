"""What happens to a woman in a year: her stays, the end, and what was offered to her. Days alone; nothing is stored."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from portal.core.stays import MainActivity
from portal.demo.national.lots import Deck, StayLengths, days_of_year, share
from portal.demo.national.names import REGIONS
from portal.demo.national.people import People, Woman
from portal.demo.national.sizes import YEARS, Size
from portal.domain.counselling import planned_end
from portal.domain.stays import Destination as To

DAYS = round(YEARS * 365.25)
DESTINATIONS = (
    *((To.OWN_HOME, 50), (To.FAMILY_FRIENDS, 14), (To.OTHER_CENTRE, 10), (To.BACK_TO_PARTNER, 9)),
    *((To.OTHER, 8), (To.UNKNOWN, 9)),
)
ACTIVITIES = (
    *((MainActivity.JOB, 33), (MainActivity.EDUCATION, 24), (MainActivity.UNEMPLOYED, 21), (MainActivity.LEAVE, 7)),
    *((MainActivity.PENSION, 5), (MainActivity.OTHER, 5), (MainActivity.UNKNOWN, 5)),
)
# 1.18 stays to a woman in a year.
STAYS = ((1, 85), (2, 12), (3, 3))
AGAIN = 15
OFFERED, ACCEPTED = 85, 70
NO_EXIT_FORM = 3
SAME_CENTRE = 50


@dataclass(slots=True, eq=False)
class StayPlan:
    """One stay. The last day may lie ahead."""

    admitted: date
    discharged: date
    destination: To
    activity: MainActivity
    has_exit_form: bool
    # Which centre, by number.
    centre: int = -1


@dataclass(slots=True, eq=False)
class Episode:
    """One case: her stays of a year and what follows the last of them."""

    woman: Woman
    region: str
    stays: list[StayPlan]
    # The earlier case of the same woman, where it was one.
    before: "Episode | None" = None
    wants_same_centre: bool = False
    is_offered: bool = False
    is_accepted: bool = False
    municipality: int = -1
    # The case as it was written.
    written: Any = None

    @property
    def opened(self) -> date:
        """The day on which she came."""
        return self.stays[0].admitted

    @property
    def centre(self) -> int:
        """The centre that owns the case."""
        return self.stays[0].centre

    @property
    def left(self) -> date:
        """The day on which she left, or will leave."""
        return self.stays[-1].discharged

    @property
    def moved(self) -> date | None:
        """The day on which she moved into her own home, or will."""
        last = self.stays[-1]
        return last.discharged if last.destination is To.OWN_HOME else None

    @property
    def counselling_end(self) -> date:
        """Until when somebody from the municipality goes with her."""
        return planned_end(self.left) or self.left

    @property
    def closed(self) -> date:
        """The day on which the case is closed, or will be."""
        follows = self.counselling_end if self.is_accepted else self.left + timedelta(days=45)
        return follows + timedelta(days=10)


class Decade:
    """Plays ten years up to a day."""

    def __init__(self, random: Random, today: date) -> None:
        self._random, self._today = random, today
        self._people, self._lengths = People(random, today), StayLengths(random)
        self._regions, self._stays = Deck(random, REGIONS), Deck(random, STAYS)
        self._destinations, self._activities = Deck(random, DESTINATIONS), Deck(random, ACTIVITIES)
        self._again, self._same = share(random, AGAIN), share(random, SAME_CENTRE)
        self._offered, self._accepted = share(random, OFFERED), share(random, ACCEPTED)
        self._lacks_form = share(random, NO_EXIT_FORM)

    def play(self, size: Size) -> list[Episode]:
        """All cases in the order in which they are opened: as many in each year."""
        first, found = self._today - timedelta(days=DAYS), list[Episode]()
        for year in range(YEARS):
            start, end = DAYS * year // YEARS, DAYS * (year + 1) // YEARS
            count = size.cases * (year + 1) // YEARS - size.cases * year // YEARS
            over = [one for one in found if not one.woman.is_anonymous]
            self._random.shuffle(over)
            for day in days_of_year(self._random, first + timedelta(days=start), end - start, count):
                found.append(self._episode(day, over))
        return found

    def _episode(self, day: date, earlier: list[Episode]) -> Episode:
        before = self._earlier(day, earlier) if earlier and self._again.deal() else None
        region = before.region if before else self._regions.deal().value
        woman = before.woman if before else self._people.next(day)
        episode = Episode(woman, region, self._days(day, region), before)
        episode.wants_same_centre = before is not None and self._same.deal()
        episode.is_offered = self._offered.deal()
        episode.is_accepted = episode.is_offered and self._accepted.deal()
        return episode

    def _earlier(self, day: date, earlier: list[Episode]) -> Episode | None:
        """Somebody of an earlier year who has left; each at most once a year."""
        for place in range(len(earlier) - 1, -1, -1):
            if earlier[place].closed < day:
                return earlier.pop(place)
        return None

    def _days(self, day: date, region: str) -> list[StayPlan]:
        stays = list[StayPlan]()
        for _number in range(self._stays.deal()):
            discharged = day + timedelta(days=self._lengths.deal(region))
            has_form = not self._lacks_form.deal()
            stays.append(StayPlan(day, discharged, self._destinations.deal(), self._activities.deal(), has_form))
            day = discharged + timedelta(days=self._random.randint(3, 60))
            if day > self._today:
                break
        return stays
