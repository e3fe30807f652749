"""Seals the audit trail outside the database, and checks that nobody has touched it."""

from datetime import datetime, time, timedelta

from flask import current_app

from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs.registry import job
from portal.services import audit_seal

DAY = timedelta(days=1)


@job(ScheduledJob.ANCHOR_AUDIT, minutes=10)
def anchor_audit(now: datetime) -> int:
    """Sign the heads of the chains that have moved. Returns how many."""
    with transaction():
        return audit_seal.anchor(current_app.extensions["anchors"], now=now)


@job(ScheduledJob.CHECK_AUDIT_DAY, minutes=60)
def check_audit_day(now: datetime) -> int:
    """Check the lines of the last day. Returns how many."""
    return _check(now, since=now - DAY)


@job(ScheduledJob.CHECK_AUDIT, daily=time(1, 30))
def check_audit(now: datetime) -> int:
    """Check every line there is. Returns how many."""
    return _check(now, since=None)


@job(ScheduledJob.SEAL_AUDIT, daily=time(6, 30))
def seal_audit(now: datetime) -> int:
    """Tell the data-protection officers that the trail has been sealed. Returns how many were told."""
    with transaction():
        return audit_seal.tell_protection_officers(now=now)


def _check(now: datetime, *, since: datetime | None) -> int:
    with transaction():
        checked = audit_seal.verify(current_app.extensions["anchors"], now=now, since=since)
    with transaction():
        audit_seal.report(checked, now=now)
    return checked.lines
