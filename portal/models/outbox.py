"""Mail that waits to be sent, and runs of scheduled work. Holds ids and names of templates, nothing personal."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Choice, Keyed, one_of


class MailState(StrEnum):
    """What is known about a mail."""

    PENDING = "pending"
    LEASED = "leased"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    NEEDS_HUMAN = "needs_human"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class OutgoingMail(Keyed, Base):
    """One mail to one person, rendered when it is sent."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        one_of("state", MailState),
        sa.Index(
            "ix_outgoing_mail_waiting",
            "next_try_at",
            "id",
            postgresql_where=sa.text("state IN ('pending', 'leased', 'unknown')"),
        ),
        sa.Index("ix_outgoing_mail_needs_human", "id", postgresql_where=sa.text("state = 'needs_human'")),
    )

    recipient_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    # The folder under templates/email.
    template: Mapped[str]
    # The same mail twice is impossible.
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[MailState] = mapped_column(Choice(MailState), default=MailState.PENDING)
    # Whether it may be sent once more when nobody knows whether it arrived.
    may_resend: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    # When it is taken up next; for an unknown one, when it is decided about.
    next_try_at: Mapped[datetime]
    # The four hours after which a person is asked begin here, not while nobody was there to send.
    first_tried_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    # How often it was sent again because nobody knew: at most once.
    resends: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    # The current attempt, also handed to the provider, and until when it is ours.
    attempt_id: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    # The provider's id of the message.
    provider_id: Mapped[str | None]
    # A short code of the last failure; never an address.
    failure: Mapped[str | None]


class JobRun(Base):
    """One due time of one job: whoever inserts the row does the work."""

    __tablename__ = "job_run"
    __table_args__ = (sa.Index("ix_job_run_job_slot", "job", sa.text("slot DESC")),)

    job: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[datetime] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    # How many things were done; empty while it runs or when it failed.
    done: Mapped[int | None]
    # How many earlier tries of this run failed or died.
    failed: Mapped[int] = mapped_column(default=0)
    # The kind of the last failure and its reference in the log.
    error: Mapped[str | None]
