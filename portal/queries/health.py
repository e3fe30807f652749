"""Whether the parts that the portal stands on answer. No details: anybody may ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from portal.db import db
from portal.models.outbox import JobRun

LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Health:
    """What answers."""

    database: bool
    jobs: bool


def check(now: datetime) -> Health:
    """Whether the database answers, and whether scheduled work has finished within the last quarter of an hour."""
    try:
        last = db.session.scalar(sa.select(sa.func.max(JobRun.finished_at)))
    except SQLAlchemyError:
        db.session.rollback()
        return Health(database=False, jobs=False)
    return Health(database=True, jobs=last is not None and last >= now - LATE)
