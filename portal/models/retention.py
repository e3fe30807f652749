"""What is due to disappear, when, and which rules an organisation has set otherwise."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.rights import RetentionRule, RetentionState
from portal.db import Base, Choice, Keyed, one_of, relationship
from portal.models.cases import Case


class RetentionItem(Keyed, Base):
    """One thing under one rule: announced fourteen days ahead, done once."""

    __tablename__ = "retention_item"
    __table_args__ = (
        one_of("rule", RetentionRule),
        one_of("state", RetentionState),
        sa.UniqueConstraint("rule", "subject_key"),
        sa.Index("ix_retention_item_ahead", "due_on", "id", postgresql_where=sa.text("state = 'ahead'")),
        sa.Index("ix_retention_item_organisation_id_state_due_on_id", "organisation_id", "state", "due_on", "id"),
    )

    rule: Mapped[RetentionRule] = mapped_column(Choice(RetentionRule))
    # The table and the key of its row, such as "client_case:17".
    subject_key: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("client_case.id"), index=True)
    due_on: Mapped[date]
    found_at: Mapped[datetime]
    # The Danish day on which the responsible were told; it is done fourteen days later at the earliest.
    told_on: Mapped[date]
    state: Mapped[RetentionState] = mapped_column(Choice(RetentionState), default=RetentionState.AHEAD)
    acted_at: Mapped[datetime | None]
    # How many rows were taken away or emptied.
    rows: Mapped[int | None]

    case: Mapped[Case | None] = relationship()


class RetentionSetting(Keyed, Base):
    """A length other than the default: one person asks, another agrees. The newest agreed one counts."""

    __tablename__ = "retention_setting"
    __table_args__ = (
        one_of("rule", RetentionRule),
        sa.CheckConstraint("days BETWEEN 1 AND 3653", name="days_sane"),
        sa.CheckConstraint("agreed_by_id <> asked_by_id", name="two_people"),
        sa.CheckConstraint("(agreed_at IS NULL) = (agreed_by_id IS NULL)", name="agreed_by_somebody"),
        sa.Index("ix_retention_setting_organisation_id_rule_id", "organisation_id", "rule", "id"),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    rule: Mapped[RetentionRule] = mapped_column(Choice(RetentionRule))
    days: Mapped[int]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
