"""Time-limited homes and who lives in them. Which home is which address is a secret."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.protection import KeyKind
from portal.core.states import TenancyState, UnitState
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.enrolments import Enrolment
from portal.vault import Encrypted


class HousingUnit(Keyed, Versioned, Base):
    """A home, by a code name."""

    __tablename__ = "housing_unit"
    __table_args__ = (one_of("state", UnitState), sa.UniqueConstraint("offer_id", "number"))

    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    # The running number in the code name, such as 3 for "Home 3".
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    state: Mapped[UnitState] = mapped_column(Choice(UnitState), default=UnitState.VACANT_NOT_READY)
    max_children: Mapped[int] = mapped_column(sa.SmallInteger, default=3)
    # Revealed on demand only.
    address: Mapped[str | None] = mapped_column(
        Encrypted("housing_unit.address", KeyKind.ORGANISATION, via="organisation_id"), deferred=True
    )
    # When it is expected to be ready, while it is not.
    ready_on: Mapped[date | None]


class Tenancy(Keyed, Versioned, Base):
    """A time-limited tenancy: 24 months, extended once by at most 24."""

    __tablename__ = "tenancy"
    __table_args__ = (
        one_of("state", TenancyState),
        ExcludeConstraint(
            (sa.text("int8range(unit_id, unit_id, '[]')"), "&&"),
            ("period", "&&"),
            where=sa.text("state NOT IN ('moved_out', 'not_taken')"),
            using="gist",
            name="ex_tenancy_unit_period",
        ),
        sa.CheckConstraint("NOT isempty(period)", name="period_not_empty"),
        sa.Index("ix_tenancy_unit_id", "unit_id"),
    )

    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"), unique=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("housing_unit.id"))
    state: Mapped[TenancyState] = mapped_column(Choice(TenancyState), default=TenancyState.RESERVED)
    # From moving in to the agreed end, the end day not included.
    period: Mapped[Range[date]] = mapped_column(DATERANGE)
    # Months agreed in all: 24, or more after an extension, never above 48.
    months: Mapped[int] = mapped_column(sa.SmallInteger, default=24)
    # Why she did not move in directly from the stay, when she did not.
    gap_reason: Mapped[str | None] = mapped_column(Encrypted("tenancy.gap_reason", via="enrolment_id.case_id"))
    extension_asked_at: Mapped[datetime | None]
    extension_asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # Why more time is asked for: for whoever decides, and those who follow her.
    extension_wish: Mapped[str | None] = mapped_column(Encrypted("tenancy.extension_wish", via="enrolment_id.case_id"))
    extension_decided_at: Mapped[datetime | None]
    extension_decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # Why it was decided so: for the same readers.
    extension_reason: Mapped[str | None] = mapped_column(
        Encrypted("tenancy.extension_reason", via="enrolment_id.case_id")
    )
    moved_out_on: Mapped[date | None]
    # Where she went: a code, never a place.
    destination: Mapped[str | None]

    enrolment: Mapped[Enrolment] = relationship()
    unit: Mapped[HousingUnit] = relationship()
