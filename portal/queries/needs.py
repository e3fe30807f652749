"""How big a problem each area was, at one time beside the other. Callers have got the case."""

from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.measures import CtiArea
from portal.core.plans import RatedBy, RatingPoint
from portal.db import db
from portal.models.cases import Case
from portal.models.plans import NeedRating
from portal.models.users import User

# Ratings of one case that a page shows: the newest twelve times that all areas were gone through.
MOST = 12 * len(CtiArea)


@dataclass(frozen=True, slots=True)
class Talk:
    """What was rated at one time: a number from 0 to 4 for each area that was talked of."""

    point: RatingPoint
    rated_by: RatedBy
    rated_on: date
    recorded_at: datetime
    who: str
    scores: dict[CtiArea, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area: what was said of it at each time, None where it was not talked of, and what was said last."""

    area: CtiArea
    scores: tuple[int | None, ...]
    last: int | None


def list_talks(case: Case) -> list[Talk]:
    """The times at which something was rated, in the order of their days, in one statement."""
    newest = (
        sa.select(NeedRating, User.name)
        .join(User, User.id == NeedRating.recorded_by_id)
        .where(NeedRating.case_id == case.id)
        .order_by(NeedRating.id.desc())
        .limit(MOST)
    )
    found: dict[tuple[object, ...], Talk] = {}
    for row, name in reversed(db.session.execute(newest).all()):
        key = (row.recorded_at, row.point, row.rated_by, row.rated_on, row.recorded_by_id)
        talk = found.setdefault(key, Talk(row.point, row.rated_by, row.rated_on, row.recorded_at, name))
        talk.scores[row.area] = row.score
    return sorted(found.values(), key=lambda talk: (talk.rated_on, talk.recorded_at))


def by_area(talks: list[Talk]) -> list[AreaRow]:
    """The same by area, in the order of the areas."""
    rows = []
    for area in CtiArea:
        scores = tuple(talk.scores.get(area) for talk in talks)
        said = [score for score in scores if score is not None]
        rows.append(AreaRow(area, scores, said[-1] if said else None))
    return rows
