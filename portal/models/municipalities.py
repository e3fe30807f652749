"""Which municipality must act for a woman and which one pays, from which day on."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.kinds import MunicipalityDuty, MunicipalityReason
from portal.db import Base, Choice, Keyed, one_of


class MunicipalityPeriod(Keyed, Base):
    """From a day on it is this one. Never changed: a correction is a new row that names the old one."""

    __tablename__ = "municipality_period"
    __table_args__ = (
        one_of("duty", MunicipalityDuty),
        one_of("reason", MunicipalityReason),
        sa.Index("ix_municipality_period_case_id_duty_from_on", "case_id", "duty", "from_on", "id"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    duty: Mapped[MunicipalityDuty] = mapped_column(Choice(MunicipalityDuty))
    # Empty: from that day on nobody knows.
    municipality_code: Mapped[str | None] = mapped_column(sa.ForeignKey("municipality.code"))
    from_on: Mapped[date]
    reason: Mapped[MunicipalityReason] = mapped_column(Choice(MunicipalityReason))
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality_period.id"), unique=True)
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
