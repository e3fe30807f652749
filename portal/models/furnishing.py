"""Furnishing help: the project, and the things that a home needs."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.states import FurnishingState, ItemState
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.enrolments import Enrolment
from portal.models.volunteers import Volunteer
from portal.vault import Encrypted


class FurnishingProject(Keyed, Versioned, Base):
    """One home to furnish, in five to seven meetings over three to five months."""

    __tablename__ = "furnishing_project"
    __table_args__ = (one_of("state", FurnishingState),)

    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    state: Mapped[FurnishingState] = mapped_column(Choice(FurnishingState), default=FurnishingState.REQUESTED)
    architect_id: Mapped[int | None] = mapped_column(sa.ForeignKey("volunteer.id"))
    # What may be spent, in øre.
    budget_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    work_day_on: Mapped[date | None]
    # Since when visits wait because her safety is looked at anew. Whoever furnishes sees that they do, and no more.
    held_at: Mapped[datetime | None]
    # Her wishes, in her own words.
    wishes: Mapped[str | None] = mapped_column(Encrypted("furnishing_project.wishes", via="enrolment_id.case_id"))

    enrolment: Mapped[Enrolment] = relationship()
    architect: Mapped[Volunteer | None] = relationship()


class FurnishingItem(Keyed, Versioned, Base):
    """One thing that the home needs."""

    __tablename__ = "furnishing_item"
    __table_args__ = (
        one_of("state", ItemState),
        sa.CheckConstraint("quantity BETWEEN 1 AND 99", name="quantity_sane"),
        sa.CheckConstraint("cost_ore >= 0", name="cost_not_negative"),
        sa.Index("ix_furnishing_item_project_id_id", "project_id", "id"),
    )

    project_id: Mapped[int] = mapped_column(sa.ForeignKey("furnishing_project.id"))
    # A code of the fixed list of rooms.
    room: Mapped[str]
    what: Mapped[str] = mapped_column(Encrypted("furnishing_item.what", via="project_id.enrolment_id.case_id"))
    quantity: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    is_must: Mapped[bool] = mapped_column(default=True)
    state: Mapped[ItemState] = mapped_column(Choice(ItemState), default=ItemState.NEEDED)
    # "grant", "donation", "stock" or "purchase".
    source: Mapped[str | None]
    cost_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
