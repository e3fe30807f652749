"""What has room in the story, who waits to be told, and what happens to referrals that wait."""

from datetime import datetime, timedelta

from portal.core.actor import SYSTEM
from portal.core.clock import local_date
from portal.core.enums import Region
from portal.core.kinds import DeclineReason, TrackKind
from portal.demo.referring import RECEIVERS
from portal.demo.stage import Stage
from portal.domain.programmes import read
from portal.domain.vacancies import Spoken, Wanted
from portal.queries import ladder as ladder_queries
from portal.queries import programmes as programme_queries
from portal.queries import requests as request_queries
from portal.queries import vacancies as vacancy_queries
from portal.queries import waiting as waiting_queries
from portal.services import declining, ladder, programmes, vacancies, waiting
from portal.services.vacancies import Facts

# Who tells for which centre, how many days ago, how many rooms, free in how many days, whom they take, and which
# telephone is answered at night.
ROOMS = (
    ("katrine", 0, 2, 0, Facts(3, 14, True, (Spoken.ENGLISH, Spoken.ARABIC)), "10 00 00 01"),
    ("tove", 4, 1, 3, Facts(2, None, False, (Spoken.ENGLISH,)), ""),
)
# Which offers say whom they can take.
OFFERS = {
    # The hours are hers and the children's.
    "hours": Facts(4, 17, True, (Spoken.ENGLISH,)),
    "qnet": Facts(None, None, None, (Spoken.ENGLISH, Spoken.POLISH)),
}


def tell(stage: Stage) -> None:
    """Let the centres and the offers say what they have, and somebody watch for a home."""
    for key, days, rooms, ahead, facts, phone in ROOMS:
        stage.on(days, lambda now, row=(key, rooms, ahead, facts, phone): _rooms(stage, now, *row))  # type: ignore[misc]
    for key, facts in OFFERS.items():
        stage.on(20, lambda now, row=(key, facts): _facts(stage, now, *row))  # type: ignore[misc]
    stage.on(5, lambda now: _watch(stage, now))
    stage.on(6, lambda now: _asked(stage, now))
    stage.on(9, lambda now: _rule(stage, now))
    stage.on(1, _climb)
    stage.at(0, 23, lambda now: _fill(stage, now))


def _rooms(stage: Stage, now: datetime, key: str, rooms: int, ahead: int, facts: Facts, phone: str) -> None:
    free_on = local_date(now) + timedelta(days=ahead)
    vacancies.tell_rooms(rooms, free_on, facts, duty_phone=phone, actor=stage.actors[key], now=now)


def _facts(stage: Stage, now: datetime, key: str, facts: Facts) -> None:
    actor = stage.actors[RECEIVERS[key]]
    offer = programme_queries.get_own_offer(actor, stage.offers[key].public_id)
    vacancies.tell_facts(offer, facts, actor=actor, now=now)


def _watch(stage: Stage, now: datetime) -> None:
    vacancies.watch(Wanted(kind=TrackKind.HOUSING.value, children=2), actor=stage.actors["katrine"], now=now)
    vacancies.save_standard(Wanted(region=Region.CENTRAL), actor=stage.actors["henrik"], now=now)
    for organisation_id, offer_id, programme, is_open in vacancy_queries.list_turned(now=now):
        if is_open:
            vacancies.turn(organisation_id, offer_id, programme, actor=SYSTEM, now=now)


def _fill(stage: Stage, now: datetime) -> None:
    """The psychologist has as many women as she can see: whoever waits, waits for a place."""
    lone = stage.actors[RECEIVERS["hours"]]
    offer = programme_queries.get_own_offer(lone, stage.offers["hours"].public_id)
    rows, _following = vacancy_queries.list_places(Wanted(kind=TrackKind.ENTITLEMENT.value), now=now)
    free = next(row.free for row in rows if row.offer_id == offer.id)
    programmes.set_capacity(offer, (offer.capacity or 0) - (free or 0), actor=lone, now=now)


def _asked(stage: Stage, now: datetime) -> None:
    """The first on a list was asked whether she still wants the place."""
    lone = stage.actors[RECEIVERS["hours"]]
    offer = programme_queries.get_own_offer(lone, stage.offers["hours"].public_id)
    order = read(offer.programme.rules).waiting_order
    rows, _following = waiting_queries.list_waiting(lone, offer, order, now=now)
    for row in rows[:1]:
        request = request_queries.get(lone, row.public_id)
        waiting.still_wanted(request, local_date(now) + timedelta(days=28), actor=lone, now=now)


def _rule(stage: Stage, now: datetime) -> None:
    """One house lets somebody be referred again sooner."""
    declining.change(DeclineReason.CRITERIA, cool_down_days=30, is_active=True, actor=stage.actors["ditte"], now=now)


def _climb(now: datetime) -> None:
    """What the work at night has told of referrals without an answer."""
    for request_id in ladder_queries.list_to_climb(local_date(now)):
        ladder.climb(request_id, actor=SYSTEM, now=now)
