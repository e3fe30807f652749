"""Events of the house, and which of its women came."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.activities import ActivityKind
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.users import User


class Activity(Keyed, Versioned, Base):
    """An event of the house. About nobody in particular."""

    __tablename__ = "activity"
    __table_args__ = (
        one_of("kind", ActivityKind),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("cardinality(guests) > 0", name="for_somebody"),
        sa.CheckConstraint("others BETWEEN 0 AND 500 AND named BETWEEN 0 AND 500", name="numbers_sane"),
        sa.Index("ix_activity_organisation_id_starts_at_id", "organisation_id", "starts_at", "id"),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind: Mapped[ActivityKind] = mapped_column(Choice(ActivityKind))
    # What it is called on the board in the hall. No names.
    title: Mapped[str | None]
    # Values of `Guests`, and of `ChildBand` for an event by age.
    guests: Mapped[list[str]] = mapped_column(default=list)
    child_bands: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    responsible_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # How many came: those ticked by name, by whoever works with them, and all others as a plain number.
    named: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    others: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    # When somebody first said who came.
    registered_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    responsible: Mapped[User] = relationship()


class ActivityAttendance(Base):
    """That a woman came to an event: seen by the team of her case."""

    __tablename__ = "activity_attendance"
    __table_args__ = (sa.Index("ix_activity_attendance_case_id", "case_id"),)

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"), primary_key=True)
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    set_at: Mapped[datetime]
