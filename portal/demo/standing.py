"""What the story tells of a woman who has moved abroad: heard of after her case was closed."""

from datetime import datetime, timedelta
from functools import partial

from portal.core.clock import local_date
from portal.core.standing import StandingKind, StandingSource
from portal.demo import women
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.services import standing
from portal.services.standing import Told

HEARD = "Hun skrev selv fra Malmø, at hun er flyttet hen til sin søster."


def tell(stage: Stage, moved: dict[int, Woman]) -> None:
    """Let one case that was closed last week say that she lives in another country now."""
    stage.at(2, 14, partial(_record, stage, moved[326]))


def _record(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    since = local_date(now) - timedelta(days=12)
    told = Told(StandingKind.MOVED_ABROAD, since, StandingSource.OTHER, HEARD)
    standing.record(case, told, actor=actor, now=now)
