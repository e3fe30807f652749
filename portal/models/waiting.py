"""What happens to a request that waits: rungs of its ladder, marks on the list; and the reasons for a no."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.kinds import DeclineReason, MarkKind, MarkReason
from portal.db import Base, Choice, Keyed, one_of
from portal.vault import Encrypted


class RequestRung(Base):
    """That somebody was told of a request without an answer. Each rung fires once in a run of the clock."""

    __tablename__ = "request_rung"
    __table_args__ = (sa.UniqueConstraint("request_id", "clock_round", "rung"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("track_request.id"))
    clock_round: Mapped[int] = mapped_column(sa.SmallInteger)
    # Weekdays of the clock that had gone: 1, 3 or 5.
    rung: Mapped[int] = mapped_column(sa.SmallInteger)
    fired_at: Mapped[datetime]
    # Who was named to see to it, on the last rung.
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


class WaitingMark(Keyed, Base):
    """Something beside the order of a waiting list: for those who answer, and for her."""

    __tablename__ = "waiting_mark"
    __table_args__ = (
        one_of("kind", MarkKind),
        one_of("reason", MarkReason),
        sa.Index("ix_waiting_mark_request_id_made_at", "request_id", "made_at"),
    )

    request_id: Mapped[int] = mapped_column(sa.ForeignKey("track_request.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"), index=True)
    kind: Mapped[MarkKind] = mapped_column(Choice(MarkKind))
    reason: Mapped[MarkReason | None] = mapped_column(Choice(MarkReason))
    # Why, in a sentence about herself: never in the mark of somebody else.
    text: Mapped[str | None] = mapped_column(Encrypted("waiting_mark.text"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


class DeclineRule(Base):
    """How an organisation uses a reason for a no, where that is not the usual way."""

    __tablename__ = "decline_rule"
    __table_args__ = (
        one_of("reason", DeclineReason),
        sa.UniqueConstraint("organisation_id", "reason"),
        sa.CheckConstraint("cool_down_days BETWEEN 0 AND 365", name="cool_down_within_a_year"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    reason: Mapped[DeclineReason] = mapped_column(Choice(DeclineReason))
    # Days in which the same programme is not asked again; 0 for none.
    cool_down_days: Mapped[int] = mapped_column(sa.SmallInteger)
    # Whether it can be chosen; what was chosen before stays readable.
    is_active: Mapped[bool] = mapped_column(default=True)
