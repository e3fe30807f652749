"""Tells those who watch when a place opens."""

from datetime import datetime

import structlog

from portal.core.actor import SYSTEM
from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs import runner
from portal.jobs.registry import job
from portal.queries import vacancies as queries
from portal.services import vacancies

log = structlog.get_logger("portal.jobs")


@job(ScheduledJob.TELL_OPENINGS, minutes=5)
def tell_openings(now: datetime) -> int:
    """Note what opened and what closed, and tell who watches. Returns how many were told."""
    told = 0
    for organisation_id, offer_id, programme, is_open in queries.list_turned(now=now):
        if runner.stopping.is_set():
            break
        try:
            with transaction():
                if is_open:
                    told += vacancies.turn(organisation_id, offer_id, programme, actor=SYSTEM, now=now)
                else:
                    vacancies.close(organisation_id, offer_id, now=now)
        except Exception as problem:
            log.error("opening not told", organisation=organisation_id, kind=type(problem).__name__)
    return told
