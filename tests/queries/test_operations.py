"""Jobs and their runs: one row per job, whatever has run."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.core.jobs import OutsideWork, ScheduledJob
from portal.queries.operations import JobRow, RunResult, list_jobs
from portal.services import job_runs
from tests.support.counting import Counter

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=10)
JOB = ScheduledJob.REMIND_DEADLINES
pytestmark = pytest.mark.usefixtures("session")


def begin(at: datetime, job: ScheduledJob = JOB) -> None:
    assert job_runs.win(job, at, lease=LEASE, now=at)


def fail(at: datetime, error: str) -> None:
    begin(at)
    job_runs.fail(JOB, at, error=error, now=at)


def only() -> JobRow:
    return list_jobs([JOB], now=NOW)[0]


def test_every_job_has_a_row_even_if_nothing_has_run() -> None:
    rows = list_jobs(now=NOW)
    assert [row.job for row in rows] == [*ScheduledJob, *OutsideWork]
    assert rows[0] == JobRow(rows[0].job, None, None, None, 0, [])


def test_the_last_run_counts_and_no_other_job_s() -> None:
    for hours, done in ((3, 1), (1, 7), (2, 5)):
        at = NOW - timedelta(hours=hours)
        begin(at)
        job_runs.finish(JOB, at, done=done, now=at)
    begin(NOW, ScheduledJob.SEND_OUTBOX)
    assert only() == JobRow(JOB, NOW - timedelta(hours=1), RunResult.DONE, 7, 0, [])


def test_a_run_that_goes_on_one_that_failed_and_one_that_broke_off_differ() -> None:
    begin(NOW - timedelta(minutes=30))
    assert (only().result, only().failures) == (RunResult.BROKEN_OFF, 1)
    fail(NOW - timedelta(minutes=20), "ValueError AB12")
    assert (only().result, only().failures) == (RunResult.FAILED, 2)
    begin(NOW - timedelta(minutes=1))
    assert (only().result, only().failures) == (RunResult.RUNNING, 2)


def test_failures_of_the_last_24_hours_are_counted_with_their_kinds() -> None:
    fail(NOW - timedelta(hours=25), "KeyError AB12")
    fail(NOW - timedelta(hours=20), "ValueError AB13")
    fail(NOW - timedelta(hours=19), "OSError AB14")
    fail(NOW - timedelta(hours=18), "ValueError AB15")
    again = NOW - timedelta(hours=18)
    assert job_runs.win(JOB, again, lease=LEASE, now=again + LEASE)
    job_runs.finish(JOB, again, done=3, now=again + LEASE)
    assert (only().failures, only().errors) == (3, ["OSError", "ValueError"])


def test_all_of_it_is_one_statement(count_queries: Counter) -> None:
    begin(NOW)
    count_queries.start()
    list_jobs(now=NOW)
    assert count_queries.stop() == 1
