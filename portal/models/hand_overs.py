"""Work that goes from one person to another: when somebody leaves, and while somebody is away."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.people import HandOverKind
from portal.db import Base, Choice, Keyed, one_of, relationship
from portal.models.users import Membership, User


class HandOver(Keyed, Base):
    """One hand-over of everything that somebody has in one role. Kept as the receipt of it."""

    __tablename__ = "hand_over"
    __table_args__ = (sa.Index("ix_hand_over_membership_id", "membership_id"),)

    membership_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # Whether the role ended with it.
    is_end: Mapped[bool] = mapped_column(default=False)

    membership: Mapped[Membership] = relationship()


class HandOverItem(Base):
    """One row of the receipt: what it was, how much went with it, and to whom. No name and no case of a woman."""

    __tablename__ = "hand_over_item"
    __table_args__ = (
        one_of("kind", HandOverKind),
        sa.Index("ix_hand_over_item_hand_over_id_id", "hand_over_id", "id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    hand_over_id: Mapped[int] = mapped_column(sa.ForeignKey("hand_over.id"))
    kind: Mapped[HandOverKind] = mapped_column(Choice(HandOverKind))
    # The reference for leads, a group's name, a referral's reference; empty for the rest.
    reference: Mapped[str]
    # How many deadlines, meetings, courses and follow-ups went along.
    things: Mapped[int]
    # Empty: nobody could take it, and the leads have been told.
    to_user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    to_user: Mapped[User | None] = relationship()


class Absence(Keyed, Base):
    """Somebody is away for some days, and a colleague stands in. Begins and ends by itself."""

    __tablename__ = "membership_absence"
    __table_args__ = (
        sa.CheckConstraint("from_on <= to_on", name="days_in_order"),
        sa.CheckConstraint("membership_id <> deputy_id", name="somebody_else"),
        sa.Index("ix_membership_absence_membership_id", "membership_id"),
        sa.Index("ix_membership_absence_open", "from_on", "id", postgresql_where=sa.text("ended_at IS NULL")),
    )

    membership_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"))
    deputy_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    # The first and the last day, both included.
    from_on: Mapped[date]
    to_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # When the deputy was put on the teams, and when she was taken off again.
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    membership: Mapped[Membership] = relationship(foreign_keys=[membership_id])
    deputy: Mapped[Membership] = relationship(foreign_keys=[deputy_id])
