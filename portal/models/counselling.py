"""The statutory counselling as an object of its own, and hours that somebody is entitled to."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.courses import OfferWay
from portal.core.kinds import NeedArea
from portal.core.states import CounsellingState
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.children import Child
from portal.models.enrolments import Enrolment
from portal.vault import Encrypted


class CoordinatingCounselling(Keyed, Versioned, Base):
    """The municipality's offer to her after one stay: offered, answered, begun, ended. On record for every woman.

    One for each time that she moves out. When she comes back to a centre the former ones stay as they were.
    """

    __tablename__ = "coordinating_counselling"
    __table_args__ = (
        one_of("state", CounsellingState),
        one_of("offered_how", OfferWay),
        sa.CheckConstraint("attempts >= 0", name="counted"),
        sa.Index("uq_coordinating_counselling_current", "case_id", unique=True, postgresql_where=sa.text("is_current")),
        sa.Index("ix_coordinating_counselling_case_id_id", "case_id", "id"),
        sa.Index("ix_coordinating_counselling_municipality_code_left_on", "municipality_code", "left_on"),
        # What the nightly look for missing offers goes through.
        sa.Index(
            "ix_coordinating_counselling_missed",
            "left_on",
            "id",
            postgresql_where=sa.text("is_current AND state = 'not_offered'"),
        ),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    # The one that counts now; a woman who comes back to a centre gets a new one.
    is_current: Mapped[bool] = mapped_column(default=True)
    # The stay that it follows; empty for a woman without a stay in the portal.
    stay_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stay.id"), unique=True)
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"), unique=True)
    # When she left the centre or moved into her own home, whichever came first, and who was responsible that day.
    left_on: Mapped[date | None]
    municipality_code: Mapped[str | None] = mapped_column(sa.ForeignKey("municipality.code"))
    state: Mapped[CounsellingState] = mapped_column(Choice(CounsellingState), default=CounsellingState.NOT_OFFERED)
    offered_on: Mapped[date | None]
    offered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    offered_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    offered_how: Mapped[OfferWay | None] = mapped_column(Choice(OfferWay))
    has_interpreter: Mapped[bool] = mapped_column(default=False)
    # How often somebody tried to get her answer and did not reach her.
    attempts: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    ask_again_on: Mapped[date | None]
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
    # When it was found at night that she had left without an offer, and when her lead was told.
    missed_on: Mapped[date | None]
    missed_lead_on: Mapped[date | None]


class CounsellingPromise(Keyed, Versioned, Base):
    """What another authority has said that it will do for her, and whether it did."""

    __tablename__ = "counselling_promise"
    __table_args__ = (
        one_of("area", NeedArea),
        sa.CheckConstraint("settled_on IS NOT NULL OR is_kept IS NULL", name="settled_when_settled"),
        sa.Index("ix_counselling_promise_counselling_id_due_on", "counselling_id", "due_on", "id"),
        sa.Index(
            "ix_counselling_promise_case_id_due_on",
            "case_id",
            "due_on",
            "id",
            postgresql_where=sa.text("settled_on IS NULL"),
        ),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    counselling_id: Mapped[int] = mapped_column(sa.ForeignKey("coordinating_counselling.id"))
    area: Mapped[NeedArea] = mapped_column(Choice(NeedArea))
    # Which authority or department, and what it has promised.
    authority: Mapped[str] = mapped_column(Encrypted("counselling_promise.authority"))
    promised: Mapped[str] = mapped_column(Encrypted("counselling_promise.promised"))
    promised_on: Mapped[date]
    due_on: Mapped[date]
    settled_on: Mapped[date | None]
    # Empty while it is open.
    is_kept: Mapped[bool | None]
    noted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))


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
