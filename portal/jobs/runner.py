"""One run of one job: who does it, in which context, what came of it."""

import threading
import traceback
from datetime import datetime, timedelta

import structlog
from flask import Flask

from portal.core.clock import utc_now
from portal.core.ids import new_reference
from portal.core.request_id import set_request_id
from portal.db import transaction
from portal.jobs.registry import Job
from portal.queries import outbox as outbox_queries
from portal.services import job_runs
from portal.wall import as_system

log = structlog.get_logger("portal.jobs")
# Set when the worker is asked to stop: long jobs look at it between two things.
stopping = threading.Event()


def tick_of(app: Flask) -> timedelta:
    """How often the worker looks at what is quick: a minute, in the demo a few seconds."""
    return timedelta(seconds=app.config["WORKER_TICK_SECONDS"])


def run_due(app: Flask, job: Job, now: datetime | None = None) -> int | None:
    """Do the job's last due time, unless it has been done or somebody is at it. Never raises.

    Without `now` the database's clock counts, on which all workers agree. Returns how many things were done, or None.
    """
    if stopping.is_set():
        return None
    with app.app_context(), as_system():
        try:
            moment = outbox_queries.database_now() if now is None else now
        except Exception as problem:
            _report(job, problem)
            return None
        return _run(job, job.schedule.slot(moment), moment)


def run_now(app: Flask, job: Job) -> int | None:
    """Do the job at once, due or not: for whoever asks by hand."""
    with app.app_context(), as_system():
        now = utc_now()
        return _run(job, now, now)


def _run(job: Job, slot: datetime, now: datetime) -> int | None:
    set_request_id(new_reference() + new_reference())
    try:
        with transaction():
            is_ours = job_runs.win(job.name, slot, lease=job.lease, now=now)
        if not is_ours:
            return None
        done = job.work(now)
        with transaction():
            job_runs.finish(job.name, slot, done=done, now=utc_now())
    except Exception as problem:
        _fail(job, slot, now, _report(job, problem))
        return None
    finally:
        set_request_id(None)
    log.info("job finished", job=job.name, slot=slot.isoformat(), done=done)
    return done


def _fail(job: Job, slot: datetime, now: datetime, error: str) -> None:
    try:
        with transaction():
            job_runs.fail(job.name, slot, error=error, now=now)
    except Exception as problem:
        # The database is away: the lease ends by itself, and the run is taken up again.
        _report(job, problem)


def _report(job: Job, problem: Exception) -> str:
    """Write a failure to the log without its text, which may hold what a person typed. Returns kind and reference."""
    reference = new_reference()
    frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(problem.__traceback__)]
    log.error("job failed", job=job.name, reference=reference, kind=type(problem).__name__, at=frames[-6:])
    return f"{type(problem).__name__} {reference}"
