"""The in-app inbox: the truth about what somebody has been told. Mail is only a hint that there is something."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.deadlines import DeadlineKind
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import Base, Choice, Keyed, one_of


class Message(Keyed, Base):
    """One message to one person: a kind and what it is about, no text of its own."""

    __tablename__ = "message"
    __table_args__ = (
        one_of("kind", MessageKind),
        one_of("subject_type", SubjectType),
        one_of("deadline_kind", DeadlineKind),
        sa.Index("ix_message_recipient_id_id", "recipient_id", sa.text("id DESC")),
        sa.Index("ix_message_unread", "recipient_id", postgresql_where=sa.text("read_at IS NULL")),
    )

    recipient_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    kind: Mapped[MessageKind] = mapped_column(Choice(MessageKind))
    subject_type: Mapped[SubjectType] = mapped_column(Choice(SubjectType))
    subject_public_id: Mapped[str | None]
    # What is due, where a deadline is what it tells of.
    deadline_kind: Mapped[DeadlineKind | None] = mapped_column(Choice(DeadlineKind))
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("client_case.id"))
    # The rule and the thing: the same news is told once.
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    # Until then nobody has been told: what it tells of may still be undone.
    held_until: Mapped[datetime | None]
