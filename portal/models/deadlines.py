"""The work list: one row for everything that somebody must do by a day."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.deadlines import DeadlineCause, DeadlineKind
from portal.core.kinds import SubjectType
from portal.core.states import DeadlineState, WishState
from portal.db import Base, Choice, Keyed, one_of, relationship
from portal.models.cases import Case
from portal.models.users import User
from portal.vault import Encrypted


class Deadline(Keyed, Base):
    """What is to be done, by whom, by when. A thing stands here once, however many rules produce it."""

    __tablename__ = "deadline"
    __table_args__ = (
        one_of("kind", DeadlineKind),
        one_of("subject_type", SubjectType),
        one_of("state", DeadlineState),
        sa.Index("ix_deadline_owner", "owner_id", "due_on", "id", postgresql_where=sa.text("state = 'open'")),
        sa.Index(
            "ix_deadline_organisation", "organisation_id", "due_on", "id", postgresql_where=sa.text("state = 'open'")
        ),
        sa.Index("ix_deadline_case", "case_id", "due_on", "id", postgresql_where=sa.text("state = 'open'")),
        sa.Index(
            "ix_deadline_given",
            "given_by_id",
            "due_on",
            "id",
            postgresql_where=sa.text("state = 'open' AND given_by_id IS NOT NULL"),
        ),
        sa.Index("ix_deadline_rests", "case_id", postgresql_where=sa.text("state = 'rests'")),
        sa.Index("ix_deadline_subject", "subject_type", "subject_public_id"),
        sa.Index(
            "ix_deadline_reminder", "due_on", "id", postgresql_where=sa.text("state = 'open' AND reminded_at IS NULL")
        ),
    )

    # The rule and the thing, such as "referral_answer:k3m9…": unique, so that a thing appears once.
    source_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[DeadlineKind] = mapped_column(Choice(DeadlineKind))
    state: Mapped[DeadlineState] = mapped_column(Choice(DeadlineState), default=DeadlineState.OPEN)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    # Whose it is; empty while nobody has taken it, then the role below sees it.
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    queue_role: Mapped[str | None]
    # The colleague whose it was, and who gave it to her.
    given_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("client_case.id"))
    subject_type: Mapped[SubjectType] = mapped_column(Choice(SubjectType))
    subject_public_id: Mapped[str]
    due_on: Mapped[date]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # When a reminder was queued, and how often that failed.
    reminded_at: Mapped[datetime | None]
    remind_attempts: Mapped[int] = mapped_column(sa.SmallInteger, default=0)

    case: Mapped[Case | None] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])


class DeadlineChange(Keyed, Base):
    """One change of a day: moved along with what it is counted from, put off, or longer by somebody's leave."""

    __tablename__ = "deadline_change"
    __table_args__ = (
        one_of("cause", DeadlineCause),
        one_of("state", WishState),
        sa.CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered_when_answered"),
        sa.Index("ix_deadline_change_case_id_at", "case_id", "at"),
        sa.Index("ix_deadline_change_deadline_id_at", "deadline_id", "at"),
        sa.Index("uq_deadline_change_asked", "deadline_id", unique=True, postgresql_where=sa.text("state = 'asked'")),
    )

    deadline_id: Mapped[int] = mapped_column(sa.ForeignKey("deadline.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    cause: Mapped[DeadlineCause] = mapped_column(Choice(DeadlineCause))
    from_on: Mapped[date]
    to_on: Mapped[date]
    at: Mapped[datetime]
    # A day that moves along is agreed by the rule; more time waits for an answer.
    state: Mapped[WishState] = mapped_column(Choice(WishState), default=WishState.AGREED)
    reason: Mapped[str | None] = mapped_column(Encrypted("deadline_change.reason"))
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    deadline: Mapped[Deadline] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
