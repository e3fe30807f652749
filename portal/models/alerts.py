"""Alarms about unusual use, and looks that were drawn by lot to be explained."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.alerts import AlertRule, Answer
from portal.core.protection import KeyKind
from portal.db import Base, Choice, Keyed, one_of
from portal.vault import Encrypted


class Alert(Keyed, Base):
    """One alarm: which rule rang, about whom, in which case. No name, no value."""

    __tablename__ = "alert"
    __table_args__ = (
        one_of("rule", AlertRule),
        one_of("answer", Answer),
        sa.CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_with_answer"),
        sa.Index("ix_alert_organisation_id_id", "organisation_id", sa.text("id DESC")),
        sa.Index("ix_alert_open", "organisation_id", "id", postgresql_where=sa.text("answered_at IS NULL")),
    )

    rule: Mapped[AlertRule] = mapped_column(Choice(AlertRule))
    # Whose officers are told; empty for the portal as a whole.
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    about_user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("client_case.id"))
    # The rule, the person and the window: the same alarm rings once.
    key: Mapped[str] = mapped_column(unique=True)
    window_from: Mapped[datetime | None]
    window_to: Mapped[datetime | None]
    raised_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    answer: Mapped[Answer | None] = mapped_column(Choice(Answer))
    remark: Mapped[str | None] = mapped_column(
        Encrypted("alert.remark", KeyKind.ORGANISATION, via="organisation_id", otherwise="organisation_id")
    )


class AuditSample(Keyed, Base):
    """A look that was drawn by lot: the safety officer finds out what it was for."""

    __tablename__ = "audit_sample"
    __table_args__ = (
        one_of("answer", Answer),
        sa.CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_with_answer"),
        sa.Index("ix_audit_sample_organisation_id_id", "organisation_id", sa.text("id DESC")),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_event.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    drawn_at: Mapped[datetime]
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    answer: Mapped[Answer | None] = mapped_column(Choice(Answer))
    remark: Mapped[str | None] = mapped_column(
        Encrypted("audit_sample.remark", KeyKind.ORGANISATION, via="organisation_id", otherwise="organisation_id")
    )


class Departure(Base):
    """Somebody who has given notice or is to be dismissed: what she opens until then is watched (R-498)."""

    __tablename__ = "departure"

    membership_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"), primary_key=True, autoincrement=False)
    last_day: Mapped[date]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
