"""Her plan: goals in her own words, the steps towards them, and what became of each."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.measures import CtiArea
from portal.core.plans import GoalState
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
