"""What is kept no longer: announced fourteen days ahead, then done, one thing to a transaction."""

from datetime import datetime, time

import structlog

from portal.core.clock import local_date
from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs.registry import job
from portal.queries import retention as queries
from portal.services import retention

log = structlog.get_logger("portal.jobs")


@job(ScheduledJob.RETENTION, daily=time(4, 40))
def run(now: datetime) -> int:
    """Look ahead, then do what is due. A thing that fails stops no other, and is tried again. Returns how many went."""
    with transaction():
        retention.look_ahead(now)
    done = 0
    for item_id in queries.list_ready(local_date(now)):
        try:
            with transaction():
                done += retention.act(item_id, now)
        except Exception as problem:
            log.error("retention failed", row=item_id, kind=type(problem).__name__)
    with transaction():
        return done + retention.sweep_empty_drafts(now)
