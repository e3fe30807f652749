"""That she has died or moved abroad: what stands over a case in any of its states."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.standing import StandingKind, StandingSource
from portal.db import Base, Choice, Keyed, one_of, relationship
from portal.models.users import User
from portal.vault import Encrypted

STANDS = sa.text("lifted_at IS NULL")


class StandingMark(Keyed, Base):
    """One of them, from whom it is known; taken back when it was a mistake, and kept."""

    __tablename__ = "standing_mark"
    __table_args__ = (
        one_of("kind", StandingKind),
        one_of("source", StandingSource),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_by_somebody"),
        # Once of each kind, and how every statement asks whether it stands.
        sa.Index("uq_standing_mark_stands", "case_id", "kind", unique=True, postgresql_where=STANDS),
        sa.Index("ix_standing_mark_case_id", "case_id"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    kind: Mapped[StandingKind] = mapped_column(Choice(StandingKind))
    # The day on which it happened, or the first that is known.
    since_on: Mapped[date]
    source: Mapped[StandingSource | None] = mapped_column(Choice(StandingSource))
    # How the house knows it.
    note: Mapped[str | None] = mapped_column(Encrypted("standing_mark.note"))
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    set_at: Mapped[datetime]
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None] = mapped_column(Encrypted("standing_mark.lift_reason"))

    set_by: Mapped[User] = relationship(foreign_keys=[set_by_id])
    lifted_by: Mapped[User | None] = relationship(foreign_keys=[lifted_by_id])
