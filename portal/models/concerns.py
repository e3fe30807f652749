"""Notices of concern for a child. Nobody deletes one, and nobody stands between its author and the municipality."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.children import ConcernState, NotifierDuty, SentHow
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.children import Child
from portal.models.users import User
from portal.vault import Encrypted


class ConcernNotice(Keyed, Versioned, Base):
    """One notice about one child: drafted, sent, acknowledged. For the case's team alone."""

    __tablename__ = "concern_notice"
    __table_args__ = (
        one_of("state", ConcernState),
        one_of("duty", NotifierDuty),
        one_of("sent_how", SentHow),
        sa.CheckConstraint("(state = 'drafted') = (sent_on IS NULL)", name="sent_when_sent"),
        sa.CheckConstraint("(sent_on IS NULL) = (receipt_due_on IS NULL)", name="receipt_due_when_sent"),
        sa.CheckConstraint("(state = 'receipted') = (receipted_on IS NOT NULL)", name="receipted_when_receipted"),
        sa.CheckConstraint("receipted_on >= sent_on", name="receipt_after_sending"),
        sa.Index("ix_concern_notice_case_id_id", "case_id", "id"),
        sa.Index("ix_concern_notice_child_id", "child_id"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    child_id: Mapped[int] = mapped_column(sa.ForeignKey("child.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[ConcernState] = mapped_column(Choice(ConcernState), default=ConcernState.DRAFTED)
    # In what capacity its author notifies: with the day it says which paragraph stands on it.
    duty: Mapped[NotifierDuty] = mapped_column(Choice(NotifierDuty))
    drafted_at: Mapped[datetime]
    text: Mapped[str | None] = mapped_column(Encrypted("concern_notice.text"))
    violence_suspected: Mapped[bool]
    # Whether the parents learn nothing of it yet; who let them, and when.
    is_kept_back: Mapped[bool]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    sent_on: Mapped[date | None]
    sent_how: Mapped[SentHow | None] = mapped_column(Choice(SentHow))
    municipality_code: Mapped[str | None] = mapped_column(sa.ForeignKey("municipality.code"))
    receipt_due_on: Mapped[date | None]
    receipted_on: Mapped[date | None]

    child: Mapped[Child] = relationship()
    author: Mapped[User] = relationship(foreign_keys=[author_id])
