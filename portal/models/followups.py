"""Follow-ups, and what was measured at each."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.measures import FollowUpPoint, InstrumentKey
from portal.core.states import FollowUpState
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.users import User
from portal.vault import EncryptedJson


class FollowUp(Keyed, Versioned, Base):
    """One point in time at which she is asked, within a window."""

    __tablename__ = "follow_up"
    __table_args__ = (
        one_of("point", FollowUpPoint),
        one_of("state", FollowUpState),
        sa.UniqueConstraint("enrolment_id", "point", "span"),
        sa.CheckConstraint("opens_on <= due_on AND due_on <= closes_on", name="window_in_order"),
        sa.Index("ix_follow_up_case_id_due_on", "case_id", "due_on"),
        sa.Index("ix_follow_up_organisation_id_state_due_on_id", "organisation_id", "state", "due_on", "id"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    point: Mapped[FollowUpPoint] = mapped_column(Choice(FollowUpPoint))
    # How long after the start or the end, such as "6w" or "5m"; empty where the point says it.
    span: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[FollowUpState] = mapped_column(Choice(FollowUpState), default=FollowUpState.PLANNED)
    opens_on: Mapped[date]
    due_on: Mapped[date]
    closes_on: Mapped[date]
    completed_at: Mapped[datetime | None]
    completed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # "together", "phone" or "alone".
    mode: Mapped[str | None]

    case: Mapped[Case] = relationship()
    enrolment: Mapped[Enrolment] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])


class Measure(Keyed, Base):
    """One instrument at one follow-up. Item answers are sealed; a score exists only for a complete form."""

    __tablename__ = "measure"
    __table_args__ = (
        one_of("instrument", InstrumentKey),
        sa.UniqueConstraint("follow_up_id", "instrument"),
        sa.Index("ix_measure_case_id_instrument_taken_on", "case_id", "instrument", "taken_on"),
    )

    follow_up_id: Mapped[int] = mapped_column(sa.ForeignKey("follow_up.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    instrument: Mapped[InstrumentKey] = mapped_column(Choice(InstrumentKey))
    taken_on: Mapped[date]
    # Item key to answer; treating staff only.
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("measure.answers"))
    # The computed score, empty when the form is incomplete or the instrument has none.
    score: Mapped[int | None] = mapped_column(sa.SmallInteger)
    # The computed band or result code.
    band: Mapped[str | None]

    follow_up: Mapped[FollowUp] = relationship()


class MeasureValue(Base):
    """Single values that figures are counted from: exposure by form, ratings by area."""

    __tablename__ = "measure_value"

    measure_id: Mapped[int] = mapped_column(sa.ForeignKey("measure.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(sa.SmallInteger)
