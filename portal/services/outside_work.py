"""Backups and restores that were tried: done outside the portal, which is told how they went (R-595)."""

from datetime import datetime

from portal.core.jobs import OutsideWork
from portal.db import db
from portal.models.outbox import JobRun

REPORTED = "reported"


def note(work: OutsideWork, *, is_done: bool, now: datetime) -> None:
    """Write down that a backup was made or a restore tried, and whether it went well. The caller commits.

    Unlike a job of the portal's own, what failed is not tried again from here.
    """
    db.session.add(
        JobRun(
            job=work.value,
            slot=now,
            started_at=now,
            lease_until=now,
            finished_at=now if is_done else None,
            done=1 if is_done else None,
            failed=0 if is_done else 1,
            error=None if is_done else REPORTED,
        )
    )
    db.session.flush()
