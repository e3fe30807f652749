"""Start-up grants: funds, applications, and the people who say yes."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.kinds import DeclineReason, GrantCategory, PayeeKind
from portal.core.states import GrantState
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.vault import Encrypted


class Fund(Keyed, Versioned, Base):
    """Money for one purpose. What is promised and spent can never exceed it."""

    __tablename__ = "fund"
    __table_args__ = (
        sa.CheckConstraint(
            "reserved_ore >= 0 AND spent_ore >= 0 AND reserved_ore + spent_ore <= budget_ore", name="not_overspent"
        ),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), unique=True)
    name: Mapped[str]
    budget_ore: Mapped[int] = mapped_column(sa.BigInteger)
    reserved_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    spent_ore: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    # Above this a second approver must say yes too (5,000 kroner where nothing else is set).
    second_approval_above_ore: Mapped[int] = mapped_column(sa.BigInteger, default=500_000)

    organisation: Mapped[Organisation] = relationship()


class GrantApplication(Keyed, Versioned, Base):
    """An application by a case worker together with her."""

    __tablename__ = "grant_application"
    __table_args__ = (
        one_of("state", GrantState),
        one_of("payee_kind", PayeeKind),
        one_of("decline_reason", DeclineReason),
        sa.CheckConstraint("approved_ore >= 0", name="approved_not_negative"),
        sa.Index("ix_grant_application_fund_id_state_submitted_at_id", "fund_id", "state", "submitted_at", "id"),
        sa.Index("ix_grant_application_case_id", "case_id"),
        sa.Index(
            "uq_grant_application_open",
            "case_id",
            "fund_id",
            unique=True,
            postgresql_where=sa.text("state NOT IN ('paid', 'receipted', 'declined', 'withdrawn')"),
        ),
    )

    # Six letters and digits; unrelated to the case's reference.
    reference: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"), unique=True)
    applicant_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    applicant_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[GrantState] = mapped_column(Choice(GrantState), default=GrantState.DRAFT)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    answer_due_on: Mapped[date | None]
    # Other support she has asked for or been given; for the fund's people.
    other_support: Mapped[str | None] = mapped_column(Encrypted("grant_application.other_support"))
    payee_kind: Mapped[PayeeKind | None] = mapped_column(Choice(PayeeKind))
    # Revealed on demand to the one who pays.
    account: Mapped[str | None] = mapped_column(Encrypted("grant_application.account"), deferred=True)
    info_wanted: Mapped[str | None] = mapped_column(Encrypted("grant_application.info_wanted"))
    recommended_ore: Mapped[int | None] = mapped_column(sa.BigInteger)
    recommended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    recommendation: Mapped[str | None] = mapped_column(Encrypted("grant_application.recommendation"))
    approved_ore: Mapped[int | None] = mapped_column(sa.BigInteger)
    decided_at: Mapped[datetime | None]
    decline_reason: Mapped[DeclineReason | None] = mapped_column(Choice(DeclineReason))
    decline_text: Mapped[str | None] = mapped_column(Encrypted("grant_application.decline_text"))
    ordered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    paid_on: Mapped[date | None]
    # The bank's own reference; never a name.
    payment_reference: Mapped[str | None]
    receipt_due_on: Mapped[date | None]

    case: Mapped[Case] = relationship()
    fund: Mapped[Fund] = relationship()


class GrantLine(Keyed, Base):
    """One purpose and one amount."""

    __tablename__ = "grant_line"
    __table_args__ = (
        one_of("category", GrantCategory),
        sa.CheckConstraint("requested_ore > 0", name="amount_positive"),
        sa.CheckConstraint("approved_ore BETWEEN 0 AND requested_ore", name="approved_within_request"),
        sa.Index("ix_grant_line_application_id_id", "application_id", "id"),
    )

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_application.id"))
    category: Mapped[GrantCategory] = mapped_column(Choice(GrantCategory))
    purpose: Mapped[str | None] = mapped_column(Encrypted("grant_line.purpose", via="application_id.case_id"))
    requested_ore: Mapped[int] = mapped_column(sa.BigInteger)
    approved_ore: Mapped[int | None] = mapped_column(sa.BigInteger)


class GrantApproval(Base):
    """One person's yes to one amount. Nobody says yes twice, and never to an own recommendation."""

    __tablename__ = "grant_approval"

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_application.id"), primary_key=True)
    approver_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    amount_ore: Mapped[int] = mapped_column(sa.BigInteger)
    approved_at: Mapped[datetime]

    approver: Mapped[User] = relationship()
