"""How big a problem each area of her life is: she says, or somebody who works with her, at points along the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.measures import CtiArea
from portal.core.plans import RatedBy, RatingPoint
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.plans import check_rating
from portal.domain.workflow import check_step
from portal.models.cases import Case
from portal.models.plans import NeedRating
from portal.services import case_marks


@dataclass(frozen=True, slots=True)
class Rated:
    """What was said at one time: a number from 0 (no problem) to 4 (a complete problem) for each area talked of."""

    point: RatingPoint
    rated_by: RatedBy
    rated_on: date
    scores: Mapping[CtiArea, int]


def rate(case: Case, rated: Rated, *, actor: Actor, now: datetime) -> list[NeedRating]:
    """Keep what was said, beside all that was said before: a correction is a new rating (R-624).

    Raises Invalid (no area, out of range, a day ahead), NotNow (the case is closed).
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_rating(rated.scores)
    if rated.rated_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="rated_on")
    rows = [
        NeedRating(
            case_id=case.id,
            area=area,
            point=rated.point,
            rated_by=rated.rated_by,
            score=rated.scores[area],
            rated_on=rated.rated_on,
            recorded_at=now,
            recorded_by_id=actor.user_id,
        )
        for area in CtiArea
        if area in rated.scores
    ]
    db.session.add_all(rows)
    db.session.flush()
    case_marks.record(Audit.NEEDS_RATED, case, actor=actor, now=now)
    return rows
