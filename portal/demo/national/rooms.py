"""Which centre a woman comes to: one with a room in her region. Ninety-two rooms in a hundred are taken."""

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.demo.national.episodes import Episode, StayPlan
from portal.demo.national.lots import parts
from portal.demo.national.names import REGIONS

OCCUPIED = 0.92
# Places of a centre: the fewest and the most; the middle one has about nine.
FEWEST, MOST = 4, 57
SPREAD, MIDDLE = 0.55, 2.2
WARM_UP = timedelta(days=400)


@dataclass(slots=True)
class Centre:
    """A house with its rooms. `taken` counts along while the years are played."""

    number: int
    region: str
    rooms: int
    taken: int = 0


def regions_of(count: int) -> list[str]:
    """In which region each of so many centres stands."""
    return [
        region.value
        for (region, _), many in zip(REGIONS, parts(count, [p for _, p in REGIONS]), strict=True)
        for _ in range(many)
    ]


def build(random: Random, episodes: Sequence[Episode], count: int, today: date) -> list[Centre]:
    """So many centres, with the rooms that the women of their region need."""
    nights, found, houses = _nights(episodes, today), list[Centre](), Counter(regions_of(count))
    # A small set has no centre in some regions: the others take their women.
    lift = sum(nights.values()) / sum(nights.get(region, 0.0) for region in houses)
    for region, many in houses.items():
        sizes = [min(MOST, max(FEWEST, random.lognormvariate(MIDDLE, SPREAD))) for _ in range(many)]
        for rooms in parts(max(many, round(nights.get(region, 0.0) * lift / OCCUPIED)), sizes):
            found.append(Centre(len(found), region, max(1, rooms)))
    return found


def _nights(episodes: Sequence[Episode], today: date) -> dict[str, float]:
    """How many women stay on a day, on the mean, by region; without the first year, which begins with empty houses."""
    begin, spent = episodes[0].opened + WARM_UP, Counter[str]()
    for episode in episodes:
        for stay in episode.stays:
            inside = (min(stay.discharged, today) - max(stay.admitted, begin)).days
            spent[episode.region] += max(0, inside)
    return {region: days / (today - begin).days for region, days in spent.items()}


def settle(random: Random, episodes: Sequence[Episode], centres: Sequence[Centre], today: date) -> None:
    """Give every stay a centre, in the order in which they begin."""
    coming = [(stay.admitted, number, episode, stay) for number, (episode, stay) in enumerate(_stays(episodes))]
    coming.sort(key=lambda row: (row[0], row[1]))
    leaving: list[tuple[date, int, int]] = []
    for day, number, episode, stay in coming:
        while leaving and leaving[0][0] <= day:
            centres[heapq.heappop(leaving)[2]].taken -= 1
        house = _choose(random, episode, stay, centres)
        stay.centre = house.number
        house.taken += 1
        heapq.heappush(leaving, (stay.discharged, number, house.number))
    while leaving and leaving[0][0] <= today:
        centres[heapq.heappop(leaving)[2]].taken -= 1


def _stays(episodes: Sequence[Episode]) -> list[tuple[Episode, StayPlan]]:
    return [(episode, stay) for episode in episodes for stay in episode.stays]


def _choose(random: Random, episode: Episode, stay: StayPlan, centres: Sequence[Centre]) -> Centre:
    own = episode.before if stay is episode.stays[0] else episode
    if own is not None and own.centre >= 0:
        known = centres[own.centre]
        wants = episode.wants_same_centre if stay is episode.stays[0] else random.random() < 0.7
        if wants and known.taken < known.rooms:
            return known
        centres = [one for one in centres if one is not known] or centres
    near = [one for one in centres if one.region == episode.region and one.taken < one.rooms]
    free = near or [one for one in centres if one.taken < one.rooms]
    if free:
        return random.choices(free, [one.rooms - one.taken for one in free])[0]
    # Full everywhere: the house that is least over its rooms takes her.
    return min(centres, key=lambda one: (one.taken / one.rooms, one.number))
