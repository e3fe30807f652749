"""Her plan: goals and steps, how big a problem each area is, her stay plan, and the municipality's beside it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.measures import CtiArea
from portal.core.plans import ConfirmedHow, GoalState, MunicipalPlan, RatedBy, RatingPoint, StayPlanState
from portal.db import Base, Choice, Keyed, Versioned, one_of
from portal.vault import Encrypted


class Goal(Keyed, Versioned, Base):
    """What she wants to reach. Stays for good; what became of it stands in `GoalChange`."""

    __tablename__ = "goal"
    __table_args__ = (
        one_of("area", CtiArea),
        one_of("state", GoalState),
        sa.CheckConstraint("attainment BETWEEN 0 AND 4", name="attainment_in_range"),
        sa.Index("ix_goal_case_id_id", "case_id", "id"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    # One of the seven areas of the method.
    area: Mapped[CtiArea] = mapped_column(Choice(CtiArea))
    # In her own words.
    wish: Mapped[str] = mapped_column(Encrypted("goal.wish"))
    # By what the two of them will see that it is reached.
    sign: Mapped[str] = mapped_column(Encrypted("goal.sign"))
    # Who on the team helps; whether she acts herself; whoever else does, by role.
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    is_hers: Mapped[bool] = mapped_column(default=True)
    helper: Mapped[str | None] = mapped_column(Encrypted("goal.helper"))
    due_on: Mapped[date | None]
    state: Mapped[GoalState] = mapped_column(Choice(GoalState), default=GoalState.OPEN)
    # 0 not at all, 4 in full. High is good.
    attainment: Mapped[int | None] = mapped_column(sa.SmallInteger)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))


class GoalStep(Keyed, Base):
    """One step on the way to a goal."""

    __tablename__ = "goal_step"
    __table_args__ = (sa.Index("ix_goal_step_goal_id_id", "goal_id", "id"),)

    goal_id: Mapped[int] = mapped_column(sa.ForeignKey("goal.id"))
    text: Mapped[str] = mapped_column(Encrypted("goal_step.text", via="goal_id.case_id"))
    # Empty: she takes it herself.
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]


class GoalChange(Keyed, Base):
    """That a goal came to another state: when, by whom and why. Only ever added to."""

    __tablename__ = "goal_change"
    __table_args__ = (
        one_of("state", GoalState),
        sa.CheckConstraint("attainment BETWEEN 0 AND 4", name="attainment_in_range"),
        sa.Index("ix_goal_change_goal_id_id", "goal_id", "id"),
    )

    goal_id: Mapped[int] = mapped_column(sa.ForeignKey("goal.id"))
    state: Mapped[GoalState] = mapped_column(Choice(GoalState))
    attainment: Mapped[int | None] = mapped_column(sa.SmallInteger)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    reason: Mapped[str | None] = mapped_column(Encrypted("goal_change.reason", via="goal_id.case_id"))


class NeedRating(Keyed, Base):
    """How big a problem one area was at one point, as somebody said. Only ever added to: a correction is a new one."""

    __tablename__ = "need_rating"
    __table_args__ = (
        one_of("area", CtiArea),
        one_of("point", RatingPoint),
        one_of("rated_by", RatedBy),
        sa.CheckConstraint("score BETWEEN 0 AND 4", name="score_in_range"),
        sa.Index("ix_need_rating_case_id_id", "case_id", "id"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    area: Mapped[CtiArea] = mapped_column(Choice(CtiArea))
    point: Mapped[RatingPoint] = mapped_column(Choice(RatingPoint))
    rated_by: Mapped[RatedBy] = mapped_column(Choice(RatedBy))
    # 0 no problem, 4 a complete problem. Low is good.
    score: Mapped[int] = mapped_column(sa.SmallInteger)
    rated_on: Mapped[date]
    # The same moment in all areas that were rated together.
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))


class StayPlan(Keyed, Versioned, Base):
    """One version of the plan for her stay. Once agreed it is changed no more: what is new is a new version."""

    __tablename__ = "stay_plan"
    __table_args__ = (
        one_of("state", StayPlanState),
        one_of("confirmed_how", ConfirmedHow),
        sa.CheckConstraint("(state = 'draft') = (confirmed_on IS NULL)", name="confirmed_when_agreed"),
        sa.CheckConstraint("(confirmed_on IS NULL) = (confirmed_how IS NULL)", name="confirmed_somehow"),
        sa.UniqueConstraint("case_id", "number"),
        sa.Index("uq_stay_plan_draft", "case_id", unique=True, postgresql_where=sa.text("state = 'draft'")),
        sa.Index("uq_stay_plan_agreed", "case_id", unique=True, postgresql_where=sa.text("state = 'agreed'")),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    state: Mapped[StayPlanState] = mapped_column(Choice(StayPlanState), default=StayPlanState.DRAFT)
    # What she wants with the stay, what is offered to her, and a sentence on her children.
    wish: Mapped[str] = mapped_column(Encrypted("stay_plan.wish"))
    offers: Mapped[str | None] = mapped_column(Encrypted("stay_plan.offers"))
    children: Mapped[str | None] = mapped_column(Encrypted("stay_plan.children"))
    next_review_on: Mapped[date | None]
    # How and on which day she has confirmed it; empty while it is a draft.
    confirmed_how: Mapped[ConfirmedHow | None] = mapped_column(Choice(ConfirmedHow))
    confirmed_on: Mapped[date | None]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    agreed_at: Mapped[datetime | None]


class StayPlanGoal(Keyed, Base):
    """A goal that stands in a version of the stay plan, in the words that it had then."""

    __tablename__ = "stay_plan_goal"
    __table_args__ = (sa.UniqueConstraint("stay_plan_id", "goal_id"),)

    stay_plan_id: Mapped[int] = mapped_column(sa.ForeignKey("stay_plan.id"))
    goal_id: Mapped[int] = mapped_column(sa.ForeignKey("goal.id"), index=True)
    wish: Mapped[str] = mapped_column(Encrypted("stay_plan_goal.wish", via="stay_plan_id.case_id"))


class MunicipalPlanLink(Keyed, Versioned, Base):
    """What is known of the municipality's own plan with her: facts, and never what stands in it."""

    __tablename__ = "municipal_plan"
    __table_args__ = (
        one_of("kind", MunicipalPlan),
        sa.CheckConstraint("sent_on IS NULL OR consent_on <= sent_on", name="sent_with_consent"),
        sa.CheckConstraint("sent_on IS NULL OR consent_on IS NOT NULL", name="sent_by_her_will"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"), unique=True)
    kind: Mapped[MunicipalPlan] = mapped_column(Choice(MunicipalPlan))
    plan_on: Mapped[date | None]
    # The day on which she agreed that the stay plan goes along, and the day on which it was sent.
    consent_on: Mapped[date | None]
    sent_on: Mapped[date | None]
    next_meeting_on: Mapped[date | None]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
