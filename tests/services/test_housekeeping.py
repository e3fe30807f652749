"""What has served its time goes, and nothing else."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.models.outbox import JobRun, MailState, OutgoingMail
from portal.models.users import RateCounter, Submission, UserSession
from portal.services import housekeeping, job_runs, mail
from tests.factories.people import make_member

NOW = datetime(2026, 11, 2, 3, 30, tzinfo=UTC)
OLD = NOW - timedelta(days=100)


def test_what_has_served_its_time_goes_and_nothing_else(session: Session) -> None:
    member = make_member(now=OLD)
    for number, ends_at in enumerate((NOW - timedelta(days=2), NOW - timedelta(hours=2))):
        session.add(
            UserSession(
                token_hash=bytes([number]),
                public_id=f"s{number}",
                user_id=member.user_id,
                membership_id=member.id,
                created_at=OLD,
                seen_at=OLD,
                ends_at=ends_at,
            )
        )
    session.add_all(
        [
            RateCounter(key="old", hits=1, expires_at=NOW - timedelta(minutes=1)),
            RateCounter(key="new", hits=1, expires_at=NOW + timedelta(minutes=1)),
            Submission(key="old", user_id=member.user_id, digest=b"", created_at=NOW - timedelta(days=8)),
            Submission(key="new", user_id=member.user_id, digest=b"", created_at=NOW),
        ]
    )
    for slot in (OLD, NOW - timedelta(days=1)):
        job_runs.win("count", slot, lease=timedelta(minutes=1), now=slot)
        job_runs.finish("count", slot, done=1, now=slot)
    job_runs.win("died", OLD, lease=timedelta(minutes=1), now=OLD)
    for state in MailState:
        mail.queue("news", recipient_id=member.user_id, dedupe_key=state.value, now=OLD)
        session.execute(sa.update(OutgoingMail).where(OutgoingMail.dedupe_key == state.value).values(state=state))
    assert housekeeping.sweep(NOW) == 7
    assert housekeeping.sweep(NOW) == 0
    assert session.scalars(sa.select(UserSession.public_id)).all() == ["s1"]
    assert session.scalars(sa.select(RateCounter.key)).all() == ["new"]
    assert session.scalars(sa.select(Submission.key)).all() == ["new"]
    assert set(session.scalars(sa.select(JobRun.job))) == {"count", "died"}
    assert set(session.scalars(sa.select(OutgoingMail.state))) == {
        MailState.PENDING,
        MailState.LEASED,
        MailState.UNKNOWN,
        MailState.NEEDS_HUMAN,
    }
