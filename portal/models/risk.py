"""How dangerous it is for her, what she does when it is, and what has happened. Nothing here names whom she fears."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.kinds import SafetyLevel
from portal.core.risk import AssessmentMoment, ByWhom, PlanHome, PoliceTold, ReviewReason, RiskMethod
from portal.db import Base, Choice, Keyed, one_of
from portal.vault import Encrypted, EncryptedJson


class SafetyAssessment(Keyed, Base):
    """How dangerous it is for her at present, as judged by a professional. The newest counts."""

    __tablename__ = "safety_assessment"
    __table_args__ = (
        one_of("level", SafetyLevel),
        one_of("moment", AssessmentMoment),
        one_of("method", RiskMethod),
        sa.Index(
            "ix_safety_assessment_case_id_assessed_on", "case_id", sa.text("assessed_on DESC"), sa.text("id DESC")
        ),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    level: Mapped[SafetyLevel] = mapped_column(Choice(SafetyLevel))
    assessed_on: Mapped[date]
    review_on: Mapped[date]
    reason: Mapped[str | None] = mapped_column(Encrypted("safety_assessment.reason"))
    assessed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    moment: Mapped[AssessmentMoment] = mapped_column(
        Choice(AssessmentMoment), default=AssessmentMoment.ON_THE_WAY, server_default=AssessmentMoment.ON_THE_WAY.value
    )
    method: Mapped[RiskMethod] = mapped_column(
        Choice(RiskMethod), default=RiskMethod.JUDGEMENT, server_default=RiskMethod.JUDGEMENT.value
    )
    # Whether whoever assessed has been trained in the method.
    is_trained: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # Name and version of a tool, and the total or level that it gave; never its questions.
    tool: Mapped[str | None] = mapped_column(Encrypted("safety_assessment.tool"))
    result: Mapped[str | None] = mapped_column(Encrypted("safety_assessment.result"))
    # How it is for the children.
    children: Mapped[str | None] = mapped_column(Encrypted("safety_assessment.children"))
    # Whether it is safe enough that she moves: a judgement that somebody answers for; it stops nothing.
    is_safe_to_move: Mapped[bool | None]
    responsible_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


class SafetyReview(Keyed, Base):
    """Something has happened: her safety is to be looked at anew. Open until an assessment has been made."""

    __tablename__ = "safety_review"
    __table_args__ = (
        one_of("reason", ReviewReason),
        sa.Index("ix_safety_review_case_id", "case_id"),
        sa.Index(
            "uq_safety_review_open",
            "case_id",
            "reason",
            unique=True,
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    reason: Mapped[ReviewReason] = mapped_column(Choice(ReviewReason))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    due_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


class SafetyPlan(Keyed, Base):
    """One version of her safety plan, for one home. Never changed: what is new is a new version."""

    __tablename__ = "safety_plan"
    __table_args__ = (one_of("home", PlanHome), sa.UniqueConstraint("case_id", "number"))

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    home: Mapped[PlanHome] = mapped_column(Choice(PlanHome))
    # By `PlanSection`; a section that was left empty is not in it.
    sections: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("safety_plan.sections"))
    # Whether a code word has been agreed with those whom she calls. The word itself is hers to know.
    has_code_word: Mapped[bool]
    # The day on which it was gone through with her.
    confirmed_on: Mapped[date | None]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))


class ViolenceReport(Keyed, Base):
    """New violence, as she told of it. By whom is what he is to her, and never who he is."""

    __tablename__ = "violence_report"
    __table_args__ = (
        one_of("by_whom", ByWhom),
        one_of("police", PoliceTold),
        sa.Index("ix_violence_report_case_id_happened_on", "case_id", "happened_on"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    happened_on: Mapped[date]
    # `ViolenceKind`, several.
    kinds: Mapped[list[str]] = mapped_column(default=list)
    by_whom: Mapped[ByWhom] = mapped_column(Choice(ByWhom))
    police: Mapped[PoliceTold | None] = mapped_column(Choice(PoliceTold))
    # Whether an order that keeps him away was broken; nothing where there is none, or nobody knows.
    is_order_breached: Mapped[bool | None]
    did_children_see: Mapped[bool | None]
    text: Mapped[str | None] = mapped_column(Encrypted("violence_report.text"))
    reported_at: Mapped[datetime]
    reported_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))


class SafetyCheck(Keyed, Base):
    """What she answered to the three questions in a talk."""

    __tablename__ = "safety_check"
    __table_args__ = (
        sa.CheckConstraint("feels_safe BETWEEN 1 AND 7", name="feels_safe_in_range"),
        sa.Index("ix_safety_check_case_id_asked_at", "case_id", "asked_at"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    new_violence: Mapped[bool | None]
    unwanted_contact: Mapped[bool | None]
    feels_safe: Mapped[int | None] = mapped_column(sa.SmallInteger)
