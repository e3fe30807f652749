"""The statutory counselling as an object of its own, and hours that somebody is entitled to."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.states import CounsellingState
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.children import Child
from portal.models.enrolments import Enrolment
from portal.vault import Encrypted


class CoordinatingCounselling(Keyed, Versioned, Base):
    """The municipality's offer to her: offered, answered, begun, ended. One per case, on record for every woman."""

    __tablename__ = "coordinating_counselling"
    __table_args__ = (one_of("state", CounsellingState),)

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"), unique=True)
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"), unique=True)
    state: Mapped[CounsellingState] = mapped_column(Choice(CounsellingState), default=CounsellingState.NOT_OFFERED)
    offered_on: Mapped[date | None]
    offered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    answered_on: Mapped[date | None]
    started_on: Mapped[date | None]
    # Six months after the move; up to twelve with a reason and an approver.
    planned_end_on: Mapped[date | None]
    extension_reason: Mapped[str | None] = mapped_column(Encrypted("coordinating_counselling.extension_reason"))
    extension_approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]
    # Codes of the law's areas that it works on.
    areas: Mapped[list[str]] = mapped_column(default=list)


class HourEntitlement(Keyed, Versioned, Base):
    """Hours with an authorised psychologist: ten for her, four to ten for each child."""

    __tablename__ = "hour_entitlement"
    __table_args__ = (
        sa.CheckConstraint("minutes_used BETWEEN 0 AND minutes_total", name="not_overdrawn"),
        sa.Index("uq_hour_entitlement_holder", "enrolment_id", sa.text("coalesce(child_id, 0)"), unique=True),
    )

    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"))
    # Empty: her own hours.
    child_id: Mapped[int | None] = mapped_column(sa.ForeignKey("child.id"))
    minutes_total: Mapped[int]
    # The sum of the entries; kept in the transaction that writes one.
    minutes_used: Mapped[int] = mapped_column(default=0)

    enrolment: Mapped[Enrolment] = relationship()
    child: Mapped[Child | None] = relationship()


class HourEntry(Keyed, Base):
    """One registered use of hours, or a correction of an earlier one (negative minutes)."""

    __tablename__ = "hour_entry"
    __table_args__ = (sa.Index("ix_hour_entry_entitlement_id_held_on_id", "entitlement_id", "held_on", "id"),)

    entitlement_id: Mapped[int] = mapped_column(sa.ForeignKey("hour_entitlement.id"))
    held_on: Mapped[date]
    minutes: Mapped[int]
    # The psychologist's number in the public register of authorisations; empty on a correction.
    authorisation: Mapped[str | None]
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hour_entry.id"), unique=True)
    registered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    registered_at: Mapped[datetime]
