"""Who must not meet whom, as the team of a case says; and what that team is asked before somebody is placed.

Nothing here tells why, and of whoever is dangerous nothing is kept: there is no register of perpetrators.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.safety import ApartAnswer, ApartKind, ApartState, PlacementPath
from portal.db import Base, Choice, Keyed, one_of
from portal.vault import Encrypted


class KeepApart(Keyed, Base):
    """She and somebody else must not be in the same room, house or team; or she must not live in these areas."""

    __tablename__ = "keep_apart"
    __table_args__ = (
        one_of("kind", ApartKind),
        one_of("state", ApartState),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_when_ended"),
        sa.Index("ix_keep_apart_case_id", "case_id"),
        sa.Index("ix_keep_apart_other_case_id", "other_case_id"),
        sa.Index("ix_keep_apart_user_id", "user_id"),
        sa.Index("ix_keep_apart_asked", "id", postgresql_where=sa.text("state = 'asked' AND looked_at IS NULL")),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    kind: Mapped[ApartKind] = mapped_column(Choice(ApartKind))
    state: Mapped[ApartState] = mapped_column(Choice(ApartState))
    # The other case. No foreign key: what is said of one woman is her row alone, and goes with her case.
    other_case_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # What was typed: the number of the other case, or an address to sign in with, whether or not it is anybody's.
    named: Mapped[str | None] = mapped_column(Encrypted("keep_apart.named"))
    # Postal codes and ranges, such as "2400 2600-2650".
    areas: Mapped[str | None] = mapped_column(Encrypted("keep_apart.areas"))
    # For the team at the owner alone. Nobody asks for it.
    note: Mapped[str | None] = mapped_column(Encrypted("keep_apart.note"))
    # When it is to be looked at again. It does not end by itself.
    review_on: Mapped[date]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # When the other case was looked for, where it was not one of the actor's own.
    looked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


class ApartQuestion(Keyed, Base):
    """One question to the team of a case: may this placement go ahead, or are the two to be kept apart?"""

    __tablename__ = "apart_question"
    __table_args__ = (
        one_of("path", PlacementPath),
        one_of("answer", ApartAnswer),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_when_answered"),
        sa.CheckConstraint("used_at IS NULL OR answer = 'go_ahead'", name="used_after_go_ahead"),
        sa.Index("ix_apart_question_case_id", "case_id"),
        sa.Index("ix_apart_question_path_about", "path", "place_key", "whom_key"),
        sa.Index(
            "uq_apart_question_open",
            "flag_id",
            "path",
            "place_key",
            "whom_key",
            unique=True,
            postgresql_where=sa.text("answer IS NULL"),
        ),
    )

    # Whose team is asked.
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    # What it is about. No foreign key: it may be the row of another case.
    flag_id: Mapped[int] = mapped_column(sa.BigInteger)
    path: Mapped[PlacementPath] = mapped_column(Choice(PlacementPath))
    # The public ids of where, and of whom, somebody wants to place; empty where two cases are asked about.
    place_key: Mapped[str] = mapped_column(default="")
    whom_key: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    answer: Mapped[ApartAnswer | None] = mapped_column(Choice(ApartAnswer))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # When the placement went ahead on this answer: it counts once.
    used_at: Mapped[datetime | None]
