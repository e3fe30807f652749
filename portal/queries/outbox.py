"""Whether mail gets out and scheduled work is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.db import db
from portal.models.outbox import JobRun, MailState, OutgoingMail
from portal.models.users import Membership, User
from portal.queries.reminders import parked

# A job that has not succeeded for so many of its intervals is late.
INTERVALS = 3
# A mail that has waited longer than this tells that something is wrong.
WAITING_LONG = timedelta(minutes=10)
LIMIT = 50


@dataclass(frozen=True, slots=True)
class JobHealth:
    """One job: when it last succeeded, and whether that is too long ago."""

    name: str
    last_success_at: datetime | None
    last_error: str | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class OutboxHealth:
    """How the outbox and the jobs are. Counts and moments only."""

    waiting: int
    oldest_waiting_at: datetime | None
    unknown: int
    needs_human: int
    expired: int
    # Open deadlines that nobody could be reminded of.
    reminders_parked: int
    jobs: tuple[JobHealth, ...]
    is_mail_stuck: bool

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look."""
        left = self.needs_human + self.expired + self.reminders_parked
        return not (self.is_mail_stuck or left or any(job.is_late for job in self.jobs))


@dataclass(frozen=True, slots=True)
class FailedMail:
    """A mail that a person must look at: to whom, and a short code of what happened."""

    public_id: str
    recipient: str
    template: str
    created_at: datetime
    failure: str | None


def health(now: datetime, jobs: Mapping[str, timedelta]) -> OutboxHealth:
    """How the outbox is, and how each of the jobs is that run at these intervals. Two statements."""
    is_waiting = OutgoingMail.state.in_((MailState.PENDING, MailState.LEASED))
    count = sa.func.count()
    row = db.session.execute(
        sa.select(
            count.filter(is_waiting),
            sa.func.min(OutgoingMail.created_at).filter(is_waiting),
            count.filter(OutgoingMail.state == MailState.UNKNOWN),
            count.filter(OutgoingMail.state == MailState.NEEDS_HUMAN),
            count.filter(OutgoingMail.state == MailState.EXPIRED),
            parked().scalar_subquery(),
        ).where(
            OutgoingMail.state.in_(
                (MailState.PENDING, MailState.LEASED, MailState.UNKNOWN, MailState.NEEDS_HUMAN, MailState.EXPIRED)
            )
        )
    ).one()
    waiting, oldest, unknown, needs_human, expired, reminders_parked = row
    return OutboxHealth(
        waiting=waiting,
        oldest_waiting_at=oldest,
        unknown=unknown,
        needs_human=needs_human,
        expired=expired,
        reminders_parked=reminders_parked,
        jobs=_jobs(now, jobs),
        is_mail_stuck=oldest is not None and oldest < now - WAITING_LONG,
    )


def _jobs(now: datetime, jobs: Mapping[str, timedelta]) -> tuple[JobHealth, ...]:
    last = {
        name: (finished, error)
        for name, finished, error in db.session.execute(
            sa.select(
                JobRun.job,
                sa.func.max(JobRun.finished_at),
                # The error of the newest run, if it has one.
                sa.func.array_agg(aggregate_order_by(JobRun.error, JobRun.slot.desc()))[1],
            ).group_by(JobRun.job)
        )
    }
    found = []
    for name, interval in jobs.items():
        finished, error = last.get(name, (None, None))
        found.append(JobHealth(name, finished, error, finished is None or finished < now - INTERVALS * interval))
    return tuple(found)


def list_failed(organisation_id: int | None = None, *, limit: int = LIMIT) -> list[FailedMail]:
    """Mails that a person must look at, the newest first: all, or those to people of one organisation."""
    statement = (
        sa.select(
            OutgoingMail.public_id, User.name, OutgoingMail.template, OutgoingMail.created_at, OutgoingMail.failure
        )
        .join(User, User.id == OutgoingMail.recipient_id)
        .where(OutgoingMail.state == MailState.NEEDS_HUMAN)
        .order_by(OutgoingMail.id.desc())
        .limit(limit)
    )
    if organisation_id is not None:
        beside = sa.select(Membership.user_id).where(
            Membership.organisation_id == organisation_id, Membership.ended_at.is_(None)
        )
        statement = statement.where(OutgoingMail.recipient_id.in_(beside))
    return [FailedMail(*row) for row in db.session.execute(statement)]


def database_now() -> datetime:
    """The database's clock: several machines agree on it."""
    moment: datetime = db.session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return moment


def count_waiting() -> int:
    """How many mails wait to be sent or to be tried again."""
    statement = sa.select(sa.func.count()).select_from(OutgoingMail)
    waiting = statement.where(OutgoingMail.state.in_((MailState.PENDING, MailState.LEASED, MailState.UNKNOWN)))
    return db.session.scalar(waiting) or 0
