"""Takes away what has served its time: ended sessions, counters, used form keys, old runs and sent mails."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.jobs import OutsideWork
from portal.db import db
from portal.domain.kept import KEPT_FOR
from portal.models.access import FormerAddress
from portal.models.children import FormerChildPlace
from portal.models.identity import LinkCode, UsedState
from portal.models.kept import KeptForm
from portal.models.outbox import JobRun, MailState, OutgoingMail
from portal.models.sign_in import AccountCode, CodeWish, HalfSignIn, KnownDevice, PasskeyChallenge
from portal.models.users import RateCounter, Submission, UserSession
from portal.services import access_export, imports

# A session stays in the list of devices for a day after its end.
SESSIONS = timedelta(days=1)
# Longer than any page stays open, so that a form sent twice is still known.
SUBMISSIONS = timedelta(days=7)
RUNS = timedelta(days=14)
WISHES = timedelta(days=1)
# What an administrator typed of a person is kept no longer than she may ask what became of it.
CODES = timedelta(days=30)
# A browser that was not seen for half a year is a new one again.
DEVICES = timedelta(days=180)
# A mail's key has done its work when the reminder it stands for can no longer be made again.
MAILS = timedelta(days=90)
# Where she lived before, and where a child went, for the safety officer alone.
FORMER_ADDRESSES = timedelta(days=90)
SETTLED = (MailState.ACCEPTED, MailState.CANCELLED, MailState.EXPIRED)


def sweep(now: datetime) -> int:
    """Take away what is too old. Returns how many rows went."""
    statements = (
        sa.delete(FormerAddress).where(FormerAddress.replaced_at < now - FORMER_ADDRESSES),
        sa.delete(FormerChildPlace).where(FormerChildPlace.replaced_at < now - FORMER_ADDRESSES),
        sa.delete(UserSession).where(UserSession.ends_at < now - SESSIONS),
        sa.delete(RateCounter).where(RateCounter.expires_at < now),
        sa.delete(UsedState).where(UsedState.used_at < now - SESSIONS),
        sa.delete(LinkCode).where(LinkCode.ends_at < now - SESSIONS),
        sa.delete(HalfSignIn).where(HalfSignIn.ends_at < now),
        sa.delete(PasskeyChallenge).where(PasskeyChallenge.ends_at < now),
        sa.delete(CodeWish).where(CodeWish.asked_at < now - WISHES),
        sa.delete(AccountCode).where(AccountCode.ends_at < now - CODES),
        sa.delete(KnownDevice).where(KnownDevice.seen_at < now - DEVICES),
        sa.delete(Submission).where(Submission.created_at < now - SUBMISSIONS),
        sa.delete(KeptForm).where(KeptForm.kept_at < now - KEPT_FOR),
        # The last backup stays known, however long ago: its alarm must not fall silent by itself.
        sa.delete(JobRun).where(
            JobRun.slot < now - RUNS, JobRun.finished_at.is_not(None), JobRun.job.not_in(tuple(OutsideWork))
        ),
        sa.delete(OutgoingMail).where(OutgoingMail.state.in_(SETTLED), OutgoingMail.created_at < now - MAILS),
    )
    gone = 0
    for statement in statements:
        options = statement.execution_options(synchronize_session=False)
        gone += db.session.connection().execute(options).rowcount
    return gone + access_export.purge(now) + imports.purge(now)
