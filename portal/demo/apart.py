"""Whom some of the women must not meet, in the words of their team; and a colleague who waits for an answer."""

from datetime import datetime

from portal.core.safety import PlacementPath
from portal.db import db
from portal.demo import women
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain.apart import Placement
from portal.models.users import User
from portal.services import apart, placements
from portal.services.apart import Kept

WHO, BESIDE, COLLEAGUE, VOLUNTEER = "katrine", "tove", "lis", "samira"


def tell(stage: Stage, cast: Cast) -> None:
    """Let two be kept apart, one avoid a part of the town, and a colleague be asked about."""
    hers = [woman for woman in cast.women if woman.contact == WHO and woman.name and woman.admitted and not woman.moved]
    stage.at(1, 17, lambda now: _note(stage, hers[0], hers[1], now))


def _note(stage: Stage, woman: Woman, other: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, WHO)
    second, _same = women.get(stage, other, WHO)
    apart.from_case(case, second.reference, Kept("De to familier kender hinanden hjemmefra."), actor=actor, now=now)
    apart.from_areas(case, "8200, 8210", Kept("Hendes svigerfamilie bor der."), actor=actor, now=now)
    volunteer = db.session.get_one(User, stage.actors[VOLUNTEER].user_id)
    apart.from_person(case, volunteer.email, Kept("Kommer i samme kirke som svigermoren."), actor=actor, now=now)
    colleague = db.session.get_one(User, stage.actors[COLLEAGUE].user_id)
    apart.from_person(second, colleague.email, Kept(), actor=actor, now=now)
    wanted = Placement(PlacementPath.TEAM, second.public_id, colleague.public_id)
    placements.ask(wanted, actor=stage.actors[BESIDE], now=now)
