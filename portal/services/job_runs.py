"""Runs of scheduled work: one row per job and due time; whoever writes it does the work (R-191)."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.db import db
from portal.models.outbox import JobRun

ATTEMPTS = 5
RETRY_AFTER = timedelta(minutes=5)


def win(job: str, slot: datetime, *, lease: timedelta, now: datetime) -> bool:
    """Take one due time of a job. False when another worker has it, has done it, or it has failed too often.

    A run that was not finished within its lease may be taken over: the work itself bears a repeat.
    """
    statement = insert(JobRun).values(job=job, slot=slot, started_at=now, lease_until=now + lease, failed=0)
    won = db.session.scalar(
        statement.on_conflict_do_update(
            index_elements=["job", "slot"],
            set_={"started_at": now, "lease_until": now + lease, "failed": JobRun.failed + 1},
            where=sa.and_(JobRun.finished_at.is_(None), JobRun.lease_until < now, JobRun.failed < ATTEMPTS - 1),
        ).returning(JobRun.job)
    )
    return won is not None


def finish(job: str, slot: datetime, *, done: int, now: datetime) -> None:
    """Write down that a run succeeded, and how many things it did."""
    _write(job, slot, finished_at=now, done=done, error=None)


def fail(job: str, slot: datetime, *, error: str, now: datetime) -> None:
    """Write down that a run failed: it may be tried again after five minutes, until it has failed five times."""
    _write(job, slot, lease_until=now + RETRY_AFTER, error=error)


def _write(job: str, slot: datetime, **values: object) -> None:
    db.session.execute(sa.update(JobRun).where(JobRun.job == job, JobRun.slot == slot).values(**values))
