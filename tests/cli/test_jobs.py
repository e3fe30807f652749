"""Scheduled work from the command line: listed, done by hand, and done by a worker that stops when it is asked."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.cli.jobs import jobs
from portal.core.actor import SYSTEM
from portal.core.jobs import ScheduledJob
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db, transaction
from portal.demo.mail_taker import DEMO_KEY, MailTaker
from portal.models.outbox import JobRun
from portal.services import messages
from tests.factories.people import make_member
from tests.support.told import TEST_KEY

SECONDS = 30.0


def test_the_list_names_every_job(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(jobs, ["list"])
    names = [line.split()[0] for line in answer.output.splitlines()]
    assert names == sorted(job.value for job in ScheduledJob)
    assert len(names) > 20


def test_one_job_is_done_now(app: Flask, committed: Session) -> None:
    answer = app.test_cli_runner().invoke(jobs, ["run", "housekeeping"])
    assert answer.exit_code == 0
    assert answer.output.splitlines()[-1] == "housekeeping: 0"
    assert db.session.scalars(sa.select(JobRun.job)).all() == ["housekeeping"]


def test_a_job_that_nobody_declared_is_named(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(jobs, ["run", "nonsense"])
    assert answer.exit_code == 1
    assert "nonsense" in answer.output


@pytest.fixture
def taker() -> Iterator[MailTaker]:
    with MailTaker() as running:
        yield running


@pytest.mark.server
def test_two_workers_send_a_mail_once_and_stop_when_asked(app: Flask, committed: Session, taker: MailTaker) -> None:
    environment = os.environ | {
        "PORTAL_ENV": "test",
        "DATABASE_URL": database(app),
        "BRO_KEYS": TEST_KEY,
        "SECRET_KEY": "test" * 10,
        "PORTAL_VAR": app.config["PORTAL_VAR"],
        "MAIL_BACKEND": "sendgrid",
        "SENDGRID_HOST": taker.host,
        "SENDGRID_API_KEY": DEMO_KEY,
        "WORKER_TICK_SECONDS": "1",
    }
    with transaction():
        member = make_member(now=datetime.now(UTC))
        messages.notify(
            MessageKind.REFERRAL_ANSWERED,
            member.user_id,
            SubjectType.REFERRAL,
            "x",
            dedupe_key="x",
            actor=SYSTEM,
            now=datetime.now(UTC),
        )
    command = [sys.executable, "-m", "portal.cli", "worker"]
    workers = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    try:
        for worker in workers:
            assert worker.stdout is not None
            assert "Working.\n" in iter(worker.stdout.readline, "")
        until = time.monotonic() + SECONDS
        while not taker.received and time.monotonic() < until:
            assert all(worker.poll() is None for worker in workers)
            time.sleep(0.05)
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        said = [worker.communicate(timeout=SECONDS)[0] for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
    assert [worker.returncode for worker in workers] == [0, 0], said
    assert len(taker.received) == 1
    assert all(text.splitlines()[-1] == "Stopped." for text in said)
    assert "example.org" not in "".join(said)


def database(app: Flask) -> str:
    """The address of the tests' database, for other processes."""
    return app.config["SQLALCHEMY_DATABASE_URI"].replace("postgresql+psycopg://", "postgresql://")
