"""Tells of referrals that wait for their answer."""

from datetime import datetime

import structlog

from portal.core.actor import SYSTEM
from portal.core.clock import local_date
from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs import runner
from portal.jobs.registry import job
from portal.queries import ladder as queries
from portal.services import ladder

log = structlog.get_logger("portal.jobs")


@job(ScheduledJob.CLIMB, minutes=15)
def climb(now: datetime) -> int:
    """Fire the rungs that have come. Returns how many; a request that fails does not stop the others."""
    fired = 0
    for request_id in queries.list_to_climb(local_date(now)):
        if runner.stopping.is_set():
            break
        try:
            with transaction():
                fired += ladder.climb(request_id, actor=SYSTEM, now=now)
        except Exception as problem:
            log.error("escalation failed", request=request_id, kind=type(problem).__name__)
    return fired
