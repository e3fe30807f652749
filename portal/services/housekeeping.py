"""Takes away what has served its time: ended sessions, counters, used form keys, old runs and sent mails."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.db import db
from portal.models.identity import LinkCode, UsedState
from portal.models.outbox import JobRun, MailState, OutgoingMail
from portal.models.users import RateCounter, Submission, UserSession

# A session stays in the list of devices for a day after its end.
SESSIONS = timedelta(days=1)
# Longer than any page stays open, so that a form sent twice is still known.
SUBMISSIONS = timedelta(days=7)
RUNS = timedelta(days=14)
# A mail's key has done its work when the reminder it stands for can no longer be made again.
MAILS = timedelta(days=90)
SETTLED = (MailState.ACCEPTED, MailState.CANCELLED, MailState.EXPIRED)


def sweep(now: datetime) -> int:
    """Take away what is too old. Returns how many rows went."""
    statements = (
        sa.delete(UserSession).where(UserSession.ends_at < now - SESSIONS),
        sa.delete(RateCounter).where(RateCounter.expires_at < now),
        sa.delete(UsedState).where(UsedState.used_at < now - SESSIONS),
        sa.delete(LinkCode).where(LinkCode.ends_at < now - SESSIONS),
        sa.delete(Submission).where(Submission.created_at < now - SUBMISSIONS),
        sa.delete(JobRun).where(JobRun.slot < now - RUNS, JobRun.finished_at.is_not(None)),
        sa.delete(OutgoingMail).where(OutgoingMail.state.in_(SETTLED), OutgoingMail.created_at < now - MAILS),
    )
    gone = 0
    for statement in statements:
        options = statement.execution_options(synchronize_session=False)
        gone += db.session.connection().execute(options).rowcount
    return gone
