"""The worker's clock. It only ticks: who does what is decided by the row in `job_run`, so there may be many workers."""

import signal
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from portal.core.clock import COPENHAGEN, utc_now
from portal.jobs.registry import Daily, Job, all_jobs
from portal.jobs.runner import run_due, stopping, tick_of

GRACE_SECONDS = 300
THREADS = 4
CATCH_UP = timedelta(minutes=1)


def build(app: Flask, threads: ThreadPoolExecutor) -> BlockingScheduler:
    """A scheduler with every declared job. Its memory holds only the list; nothing of it is stored."""
    scheduler = BlockingScheduler(
        timezone=COPENHAGEN,
        executors={"default": threads},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_SECONDS},
    )
    jobs = all_jobs(tick_of(app))
    for job in jobs.values():
        scheduler.add_job(run_due, _trigger(job), args=[app, job], id=job.name, next_run_time=utc_now())
    slow = [job for job in jobs.values() if job.schedule.interval > CATCH_UP]
    scheduler.add_job(catch_up, IntervalTrigger(seconds=int(CATCH_UP.total_seconds())), args=[app, slow], id="catch_up")
    return scheduler


def _trigger(job: Job) -> CronTrigger | IntervalTrigger:
    if isinstance(job.schedule, Daily):
        return CronTrigger(hour=job.schedule.at.hour, minute=job.schedule.at.minute, timezone=COPENHAGEN)
    return IntervalTrigger(seconds=int(job.schedule.interval.total_seconds()))


def catch_up(app: Flask, jobs: list[Job]) -> None:
    """Do what was due while the database or all workers were away, and what a dead worker left: at most a minute late.

    Only the last due time of each job counts, however many were missed.
    """
    for job in jobs:
        run_due(app, job)


def serve(app: Flask, *, say: Callable[[str], object]) -> None:
    """Tick until asked to stop; work that has begun is finished."""
    threads = ThreadPoolExecutor(THREADS)
    scheduler = build(app, threads)

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        if not scheduler.running:
            raise SystemExit(0)
        # Not waiting here: this interrupts the main thread, which waits below.
        scheduler.shutdown(wait=False)

    stopping.clear()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        say("Working.")
        scheduler.start()
    finally:
        # Also when it was asked to stop before its first tick.
        threads.shutdown(wait=True)
        say("Stopped.")
