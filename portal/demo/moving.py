"""What the story tells of cases that go elsewhere, and of women whose municipality is another one than before."""

from datetime import datetime
from functools import partial

from portal.core.kinds import MunicipalityReason
from portal.core.people import TransferBasis
from portal.core.states import CaseState
from portal.db import db
from portal.demo import women
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.demo.women import CODES, Woman
from portal.domain.law import Law
from portal.models.users import User
from portal.services import municipalities, transfers
from portal.services.municipalities import Since
from portal.services.transfers import Wish

AARHUS, ODENSE = "aarhus", "odense"
# Who offers a case, how many days ago, to whom, and what must be known there.
WAITS = ("katrine", 3, AARHUS, "Børnene skifter skole efter nytår. Hun vil helst mødes om formiddagen.")
NO = ("katrine", 8, ODENSE, "Hun overvejer at flytte til sin søster i Odense.")
NO_SAYS = "Hun har ikke adresse i kommunen endnu. Spørg os igen, når hun er flyttet."
YES = ("tove", 6, AARHUS, "Hun kender sin sagsbehandler på kommunen og vil gerne fortsætte dér.")


def tell(stage: Stage, cast: Cast) -> None:
    """Let one case wait for an answer, one come back with a no, and one go over; and one woman move to another town."""
    moved = [one for one in cast.women if one.name and one.moved and one.moved > 20 and not one.protection]
    for offered, answer in ((NO, _no), (WAITS, None), (YES, _yes)):
        giver, days, receiver, words = offered
        woman = _pick(moved, giver)
        stage.at(days, 16, partial(_offer, stage, woman, receiver, words))
        if answer is not None:
            # After all else that the story tells of her: what goes over is no longer theirs who have told it.
            stage.at(0, 23, partial(answer, stage, woman))
    elsewhere = _pick(moved, "katrine")
    stage.at((elsewhere.moved or 20) - 9, 16, partial(_move, stage, elsewhere))


def _pick(moved: list[Woman], contact: str) -> Woman:
    return moved.pop(next(at for at, one in enumerate(moved) if one.contact == contact))


def _offer(stage: Stage, woman: Woman, receiver: str, words: str, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    if case.state is CaseState.OPEN:
        house = stage.organisations[receiver].public_id
        wish = Wish(house, TransferBasis.LEGAL_BASIS, words, law=Law.COUNSELLING.value)
        transfers.offer(case, wish, actor=actor, now=now)


def _waiting(woman: Woman) -> str | None:
    found = transfers.queries.find_open(woman.case_id)
    return None if found is None else found.public_id


def _no(stage: Stage, woman: Woman, now: datetime) -> None:
    if (offered := _waiting(woman)) is not None:
        transfers.decline(offered, NO_SAYS, actor=stage.actors["claus"], now=now)


def _yes(stage: Stage, woman: Woman, now: datetime) -> None:
    if (offered := _waiting(woman)) is not None:
        adviser = stage.actors["henrik"]
        taker = db.session.get_one(User, adviser.user_id).public_id
        transfers.accept(offered, taker, actor=adviser, now=now)


def _move(stage: Stage, woman: Woman, now: datetime) -> None:
    """She has moved to another town: that one acts from the day on, and the first one goes on paying."""
    case, actor = women.get(stage, woman, woman.contact)
    if case.state is not CaseState.OPEN:
        return
    here, there = CODES[woman.municipality], CODES[ODENSE]
    moved = Since(stage.day(woman.moved or 0), MunicipalityReason.MOVED)
    municipalities.set_municipalities(
        case, responsible=there, paying=case.paying_municipality_code, since=moved, actor=actor, now=now
    )
    pays = Since(stage.day(woman.moved or 0), MunicipalityReason.PAYER_DIFFERS)
    municipalities.set_municipalities(case, responsible=there, paying=here, since=pays, actor=actor, now=now)
