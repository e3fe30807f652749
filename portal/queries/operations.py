"""How scheduled work went, job by job."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from portal.core.jobs import OutsideWork, ScheduledJob
from portal.db import db
from portal.models.outbox import JobRun, MailState, OutgoingMail

WATCHED = timedelta(hours=24)


class RunResult(StrEnum):
    """What came of the last run."""

    DONE = "done"
    RUNNING = "running"
    FAILED = "failed"
    BROKEN_OFF = "broken_off"


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job with its last run and what went wrong of late. Without a run, all but the job is empty."""

    job: ScheduledJob | OutsideWork
    started_at: datetime | None
    result: RunResult | None
    done: int | None
    failures: int
    # The kinds of the errors, without their reference in the log.
    errors: list[str]


def list_jobs(
    jobs: Sequence[ScheduledJob | OutsideWork] = (*ScheduledJob, *OutsideWork), *, now: datetime
) -> list[JobRow]:
    """Every job, run or not, with its last run and its failures in the last 24 hours, in the order given.

    A failure is a try that failed or broke off. Its kind is known until the same run succeeds at a later try.
    """
    declared = sa.values(sa.column("place", sa.Integer), sa.column("job", sa.Text), name="declared").data(
        [(place, job.value) for place, job in enumerate(jobs)]
    )
    last, failed = _last_run(declared.c.job, now), _failures(declared.c.job, now)
    rows = db.session.execute(
        sa.select(declared.c.job, last.c.started_at, last.c.result, last.c.done, failed.c.count, failed.c.errors)
        .select_from(declared)
        .outerjoin(last, sa.true())
        .join(failed, sa.true())
        .order_by(declared.c.place)
    )
    return [
        JobRow(_work(job), started_at, RunResult(result) if result else None, done, count, sorted(errors or ()))
        for job, started_at, result, done, count, errors in rows
    ]


def _work(name: str) -> ScheduledJob | OutsideWork:
    return OutsideWork(name) if name in set(OutsideWork) else ScheduledJob(name)


def _last_run(job: sa.ColumnElement[str], now: datetime) -> sa.FromClause:
    result = sa.case(
        (JobRun.finished_at.is_not(None), RunResult.DONE.value),
        (JobRun.error.is_not(None), RunResult.FAILED.value),
        (JobRun.lease_until < now, RunResult.BROKEN_OFF.value),
        else_=RunResult.RUNNING.value,
    )
    return (
        sa.select(JobRun.started_at, result.label("result"), JobRun.done)
        .where(JobRun.job == job)
        .order_by(JobRun.slot.desc())
        .limit(1)
        .lateral("last")
    )


def _failures(job: sa.ColumnElement[str], now: datetime) -> sa.FromClause:
    is_open = JobRun.finished_at.is_(None)
    this_try = sa.case((is_open & (JobRun.error.is_not(None) | (JobRun.lease_until < now)), 1), else_=0)
    kind = sa.func.split_part(JobRun.error, " ", 1)
    return (
        sa.select(
            sa.func.coalesce(sa.func.sum(JobRun.failed + this_try), 0).label("count"),
            sa.func.array_agg(kind.distinct()).filter(JobRun.error.is_not(None)).label("errors"),
        )
        .where(JobRun.job == job, JobRun.slot >= now - WATCHED)
        .lateral("failed")
    )


def count_mail() -> dict[MailState, int]:
    """How many mails stand in which state."""
    rows = db.session.execute(sa.select(OutgoingMail.state, sa.func.count()).group_by(OutgoingMail.state))
    counted: dict[MailState, int] = {row[0]: row[1] for row in rows}
    return {state: counted.get(state, 0) for state in MailState}
