"""One due time is done once, whoever ticks; what died is taken up again; what fails stops nobody."""

import contextvars
import threading
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from apscheduler.executors.pool import ThreadPoolExecutor
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.request_id import current_request_id
from portal.db import db, transaction
from portal.jobs import runner
from portal.jobs.registry import Daily, Every, Job, intervals
from portal.jobs.scheduler import build, catch_up
from portal.models.outbox import JobRun
from portal.queries import outbox as outbox_queries
from portal.services import job_runs
from tests.jobs.conftest import NOW, Clock


class Count:
    """Work that counts how often it was done, and fails as often as asked."""

    def __init__(self, failures: int = 0) -> None:
        self.times: list[datetime] = []
        self.ids: list[str | None] = []
        self.failures = failures

    def __call__(self, now: datetime) -> int:
        self.times.append(now)
        self.ids.append(current_request_id())
        if len(self.times) <= self.failures:
            raise RuntimeError("a sentence with Anna Jensen in it")
        return 7


def minutely(work: Count) -> Job:
    return Job("count", Every(timedelta(minutes=1)), work)


def runs() -> list[JobRun]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(JobRun).order_by(JobRun.slot)))


def test_a_due_time_is_done_once(app: Flask, committed: Session) -> None:
    work = Count()
    assert runner.run_due(app, minutely(work), NOW) == 7
    assert runner.run_due(app, minutely(work), NOW + timedelta(seconds=59)) is None
    assert runner.run_due(app, minutely(work), NOW + timedelta(seconds=60)) == 7
    assert [run.slot for run in runs()] == [NOW, NOW + timedelta(minutes=1)]
    assert {run.done for run in runs()} == {7}
    assert len(set(work.ids)) == 2
    assert None not in work.ids


def test_eight_schedulers_and_one_slot_make_one_run(app: Flask, committed: Session) -> None:
    work, start = Count(), threading.Barrier(8, timeout=60)

    def tick() -> None:
        start.wait()
        runner.run_due(app, minutely(work), NOW)

    threads = [threading.Thread(target=contextvars.Context().run, args=(tick,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(work.times) == 1
    assert len(runs()) == 1


@pytest.mark.parametrize("day", [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)])
def test_two_schedulers_run_a_daily_job_once_in_the_nights_that_move(
    app: Flask, committed: Session, day: datetime
) -> None:
    work = Count()
    daily = Job("nightly", Daily(time(3, 30)), work)
    for minute in range(0, 24 * 60, 10):
        for _ in range(2):
            runner.run_due(app, daily, day + timedelta(minutes=minute))
    assert len(work.times) == 2
    assert work.times[0] == day


def test_a_clock_that_steps_back_does_nothing_twice(app: Flask, committed: Session, clock: Clock) -> None:
    work = Count()
    daily = Job("nightly", Daily(time(3, 30)), work)
    for step in (0, 1, -1, 1, 0, -1):
        runner.run_due(app, daily, clock() + timedelta(hours=step))
    assert len(work.times) == 1


def test_what_was_missed_is_done_once_not_as_often_as_it_was_missed(app: Flask, committed: Session) -> None:
    work = Count()
    job = Job("count", Every(timedelta(minutes=15)), work)
    runner.run_due(app, job, NOW)
    for minute in range(3):
        runner.run_due(app, job, NOW + timedelta(hours=6, minutes=minute))
    assert work.times == [NOW, NOW + timedelta(hours=6)]


def test_a_run_that_died_is_taken_up_after_its_lease(app: Flask, committed: Session, clock: Clock) -> None:
    work = Count()
    job = Job("nightly", Daily(time(3, 30)), work)
    with transaction():
        assert job_runs.win(job.name, job.schedule.slot(clock()), lease=job.lease, now=clock())
    assert runner.run_due(app, job, clock.wait(minutes=9)) is None
    assert runner.run_due(app, job, clock.wait(minutes=2)) == 7
    [run] = runs()
    assert (run.failed, run.done, run.error) == (1, 7, None)


def test_a_failure_is_tried_again_five_times_and_named_without_its_text(
    app: Flask, committed: Session, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    work = Count(failures=99)
    job = Job("nightly", Daily(time(3, 30)), work)
    for _ in range(60):
        runner.run_due(app, job, clock.wait(minutes=1))
    assert len(work.times) == 5
    [run] = runs()
    assert run.finished_at is None
    assert run.error is not None
    kind, reference = run.error.split()
    said = capsys.readouterr().out
    assert kind == "RuntimeError"
    assert reference in said
    assert "Anna" not in said + run.error


def test_a_worker_that_is_asked_to_stop_begins_nothing(app: Flask, committed: Session) -> None:
    work = Count()
    runner.stopping.set()
    assert runner.run_due(app, minutely(work), NOW) is None
    assert work.times == []


def test_the_databases_clock_counts(app: Flask, committed: Session) -> None:
    work = Count()
    assert runner.run_due(app, minutely(work)) == 7
    assert abs(work.times[0] - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_scheduler_knows_every_job_once_and_catches_up(app: Flask, committed: Session) -> None:
    scheduler = build(app, ThreadPoolExecutor(1))
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert set(jobs) == {"catch_up"} | set(intervals())
    assert scheduler.timezone.key == "Europe/Copenhagen"
    assert "hour='3', minute='30'" in str(jobs["housekeeping"].trigger)
    works = Count(), Count()
    catch_up(app, [Job(f"job{number}", Daily(time(4)), work) for number, work in enumerate(works)])
    assert [len(work.times) for work in works] == [1, 1]


def test_health_tells_what_is_late(app: Flask, committed: Session) -> None:
    spans = intervals()
    health = outbox_queries.health(NOW, spans)
    assert all(job.is_late for job in health.jobs)
    assert not health.is_well
    with transaction():
        for name, span in spans.items():
            assert job_runs.win(name, NOW - span, lease=timedelta(minutes=1), now=NOW - span)
            job_runs.finish(name, NOW - span, done=0, now=NOW - span)
    assert outbox_queries.health(NOW, spans).is_well
    later = outbox_queries.health(NOW + timedelta(minutes=10), spans)
    assert [job.name for job in later.jobs if job.is_late] == [
        *("answer_code_wishes", "raise_alerts", "run_imports", "send_outbox")
    ]
