"""Backups and restores that the portal is told of: L15 rings when the last one is old, or went wrong (R-595)."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.cli.database import db as database
from portal.core.alerts import AlertRule
from portal.core.jobs import OutsideWork
from portal.db import db
from portal.models.alerts import Alert
from portal.models.outbox import JobRun
from portal.services import alert_rules, housekeeping, outside_work

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
DAY, HOURS = timedelta(days=1), timedelta(hours=26)
MINUTE = timedelta(minutes=1)


def rung(now: datetime) -> int:
    return alert_rules.machine_late(now, {})


@pytest.mark.usefixtures("session")
def test_nothing_rings_before_the_first_backup_was_reported() -> None:
    assert rung(NOW) == 0
    outside_work.note(OutsideWork.BACKUP, is_done=False, now=NOW - 2 * DAY)
    assert rung(NOW) == 0


@pytest.mark.usefixtures("session")
def test_l15_rings_once_a_day_when_the_last_backup_is_more_than_26_hours_old() -> None:
    outside_work.note(OutsideWork.BACKUP, is_done=True, now=NOW - 2 * DAY)
    outside_work.note(OutsideWork.BACKUP, is_done=True, now=NOW - HOURS)
    # One that went wrong is none.
    outside_work.note(OutsideWork.BACKUP, is_done=False, now=NOW - MINUTE)
    assert rung(NOW) == 0
    assert rung(NOW + MINUTE) == 1
    assert rung(NOW + 2 * MINUTE) == 0
    assert rung(NOW + DAY) == 1
    assert set(db.session.scalars(sa.select(Alert.rule))) == {AlertRule.MACHINE_LATE}
    outside_work.note(OutsideWork.BACKUP, is_done=True, now=NOW + 2 * DAY)
    assert rung(NOW + 2 * DAY) == 0


@pytest.mark.usefixtures("session")
def test_it_goes_on_ringing_however_long_nobody_backs_up() -> None:
    outside_work.note(OutsideWork.BACKUP, is_done=True, now=NOW)
    housekeeping.sweep(NOW + 100 * DAY)
    assert rung(NOW + 100 * DAY) == 1


@pytest.mark.usefixtures("session")
def test_l15_rings_while_the_last_restore_that_was_tried_went_wrong() -> None:
    outside_work.note(OutsideWork.RESTORE_DRILL, is_done=True, now=NOW - 100 * DAY)
    assert rung(NOW) == 0
    outside_work.note(OutsideWork.RESTORE_DRILL, is_done=False, now=NOW)
    assert rung(NOW) == 1
    assert rung(NOW + MINUTE) == 0
    outside_work.note(OutsideWork.RESTORE_DRILL, is_done=True, now=NOW + MINUTE)
    assert rung(NOW + DAY) == 0


def test_the_command_line_reports_both(app: Flask, committed: Session) -> None:
    runner = app.test_cli_runner()
    for command in (["backed-up"], ["backed-up", "--failed"], ["drilled"], ["drilled", "--failed"]):
        assert runner.invoke(database, command).exit_code == 0
    found = committed.execute(sa.select(JobRun.job, JobRun.finished_at.is_not(None)).order_by(JobRun.slot)).all()
    assert found == [("backup", True), ("backup", False), ("restore_drill", True), ("restore_drill", False)]
