"""Finds what is due and reminds of it."""

from datetime import datetime

import structlog

from portal.core.actor import SYSTEM
from portal.core.clock import local_date
from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs import runner
from portal.jobs.registry import job
from portal.queries import reminders as reminder_queries
from portal.services import reminders

log = structlog.get_logger("portal.jobs")


@job(ScheduledJob.REMIND_DEADLINES, minutes=15)
def remind_deadlines(now: datetime) -> int:
    """Remind of each deadline that is near or has passed. Returns how many; one that fails does not stop the others."""
    reminded = 0
    for deadline_id in reminder_queries.list_due_ids(local_date(now)):
        if runner.stopping.is_set():
            break
        try:
            with transaction():
                reminded += reminders.remind(deadline_id, actor=SYSTEM, now=now)
        except Exception as problem:
            # Its own transaction has been undone, claim included.
            log.error("reminder failed", deadline=deadline_id, kind=type(problem).__name__)
            with transaction():
                reminders.note_failure(deadline_id)
    return reminded
