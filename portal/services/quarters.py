"""Each quarter the crisis centres hand in their statistics: one row for the leads of each house (R-847)."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.clocks import warns_days
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.reports import quarter_of
from portal.models.deadlines import Deadline
from portal.models.organisations import Organisation
from portal.services import deadlines

KIND = DeadlineKind.SHELTER_STATISTICS


def put_up(*, now: datetime) -> int:
    """Put up the statistics of the quarter that comes to its end, once for each crisis centre (R-847).

    Two weeks before the end; what is done stays done. Returns how many are new.
    """
    today = local_date(now)
    end = quarter_of(today)[1] - timedelta(days=1)
    if today < end - timedelta(days=warns_days(KIND)):
        return 0
    told = 0
    for house in _centres():
        if not _stands(house, suffix := end.isoformat()):
            deadlines.put_up(
                KIND,
                SubjectType.ORGANISATION,
                house.public_id,
                suffix=suffix,
                due_on=due_on(ClockKey.SHELTER_STATISTICS, end),
                organisation_id=house.id,
                queue_role=Role.PROGRAMME_LEAD,
                now=now,
            )
            told += 1
    return told


def _centres() -> list[Organisation]:
    is_centre = Organisation.kind == OrganisationKind.SHELTER
    works = sa.and_(Organisation.is_active, ~Organisation.is_frozen)
    return list(db.session.scalars(sa.select(Organisation).where(is_centre, works).order_by(Organisation.id)))


def _stands(house: Organisation, suffix: str) -> bool:
    key = f"{KIND.value}:{house.public_id}:{suffix}"
    return bool(db.session.scalar(sa.select(sa.exists().where(Deadline.source_key == key))))
