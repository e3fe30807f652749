"""Takes away at night what has served its time."""

from datetime import datetime, time

from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs.registry import job
from portal.services import housekeeping


@job(ScheduledJob.HOUSEKEEPING, daily=time(3, 30))
def sweep(now: datetime) -> int:
    """Take away ended sessions, used keys, old runs. Returns how many rows went."""
    with transaction():
        return housekeeping.sweep(now)
