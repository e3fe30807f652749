"""How scheduled work went, run by run."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.db import db
from portal.models.outbox import JobRun, MailState, OutgoingMail


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of one job."""

    job: str
    started_at: datetime
    finished_at: datetime | None
    done: int | None
    error: str | None


def list_runs(*, limit: int = 20) -> list[RunRow]:
    """The newest runs."""
    rows = db.session.execute(
        sa.select(JobRun.job, JobRun.started_at, JobRun.finished_at, JobRun.done, JobRun.error)
        .order_by(JobRun.started_at.desc())
        .limit(limit)
    )
    return [RunRow(*row) for row in rows]


def count_mail() -> dict[MailState, int]:
    """How many mails stand in which state."""
    rows = db.session.execute(sa.select(OutgoingMail.state, sa.func.count()).group_by(OutgoingMail.state))
    counted: dict[MailState, int] = {row[0]: row[1] for row in rows}
    return {state: counted.get(state, 0) for state in MailState}
