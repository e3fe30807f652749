"""Courses that a colleague is asked to take over: hers only when she says yes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.courses import NoTakeOver, TakeOverState
from portal.db import Base, Choice, Keyed, one_of, relationship
from portal.models.enrolments import Enrolment
from portal.models.users import User
from portal.vault import Encrypted


class TakeOver(Keyed, Base):
    """One colleague asked to take one course from another, once at a time."""

    __tablename__ = "take_over"
    __table_args__ = (
        one_of("state", TakeOverState),
        one_of("reason", NoTakeOver),
        sa.CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered_when_answered"),
        sa.CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused_for_a_reason"),
        sa.CheckConstraint("to_id <> from_id", name="somebody_else"),
        sa.Index("uq_take_over_open", "enrolment_id", unique=True, postgresql_where=sa.text("state = 'asked'")),
        sa.Index("ix_take_over_to_id_state_id", "to_id", "state", "id"),
        sa.Index("ix_take_over_case_id", "case_id"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"))
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # Whose it was when she was asked. Once it is another's, nobody waits for this answer any more.
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # What she must know before she answers, without name and place.
    hand_over: Mapped[str] = mapped_column(Encrypted("take_over.hand_over"))
    state: Mapped[TakeOverState] = mapped_column(Choice(TakeOverState), default=TakeOverState.ASKED)
    reason: Mapped[NoTakeOver | None] = mapped_column(Choice(NoTakeOver))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    enrolment: Mapped[Enrolment] = relationship()
    to: Mapped[User] = relationship(foreign_keys=[to_id])
