"""What has room in the story: two centres' own rooms, whom some offers can take, and who waits to be told."""

from datetime import datetime, timedelta

from portal.core.clock import local_date
from portal.core.kinds import TrackKind
from portal.demo.referring import RECEIVERS
from portal.demo.stage import Stage
from portal.domain.vacancies import Spoken, Wanted
from portal.queries import programmes as programme_queries
from portal.services import vacancies
from portal.services.vacancies import Facts

# Who tells for which centre, how many days ago, how many rooms, free in how many days, and whom they take.
ROOMS = (
    ("katrine", 0, 2, 0, Facts(3, 14, True, (Spoken.ENGLISH, Spoken.ARABIC))),
    ("tove", 4, 1, 3, Facts(2, None, False, (Spoken.ENGLISH,))),
)
# Which offers say whom they can take.
OFFERS = {
    "hours": Facts(0, None, True, (Spoken.ENGLISH,)),
    "qnet": Facts(None, None, None, (Spoken.ENGLISH, Spoken.POLISH)),
}


def tell(stage: Stage) -> None:
    """Let the centres and the offers say what they have, and somebody watch for a home."""
    for key, days, rooms, ahead, facts in ROOMS:
        stage.on(days, lambda now, row=(key, rooms, ahead, facts): _rooms(stage, now, *row))  # type: ignore[misc]
    for key, facts in OFFERS.items():
        stage.on(20, lambda now, row=(key, facts): _facts(stage, now, *row))  # type: ignore[misc]
    stage.on(5, lambda now: _watch(stage, now))


def _rooms(stage: Stage, now: datetime, key: str, rooms: int, ahead: int, facts: Facts) -> None:
    free_on = local_date(now) + timedelta(days=ahead)
    vacancies.tell_rooms(rooms, free_on, facts, actor=stage.actors[key], now=now)


def _facts(stage: Stage, now: datetime, key: str, facts: Facts) -> None:
    actor = stage.actors[RECEIVERS[key]]
    offer = programme_queries.get_own_offer(actor, stage.offers[key].public_id)
    vacancies.tell_facts(offer, facts, actor=actor, now=now)


def _watch(stage: Stage, now: datetime) -> None:
    vacancies.watch(Wanted(kind=TrackKind.HOUSING.value, children=2), actor=stage.actors["katrine"], now=now)
