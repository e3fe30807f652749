"""Notes that somebody wants out of a case because they stand in the wrong one: two decide (R-820)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.notes import AsideState, WrongCase
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.cases import Note
from portal.vault import Encrypted, EncryptedJson


class NoteMisplacement(Keyed, Versioned, Base):
    """One note that was put aside: what it said while it waits for a second person, and what became of it."""

    __tablename__ = "note_misplacement"
    __table_args__ = (
        one_of("state", AsideState),
        one_of("reason", WrongCase),
        # What was taken out is nowhere any more, and what was left stands in the note again.
        sa.CheckConstraint("(state = 'asked') = (held IS NOT NULL)", name="held_while_asked"),
        sa.CheckConstraint("state = 'asked' OR (target_case_id IS NULL AND remark IS NULL)", name="forgotten_after"),
        sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_when_decided"),
        sa.CheckConstraint("(state IN ('left', 'taken_out')) = (decided_by_id IS NOT NULL)", name="decided_by_one"),
        sa.CheckConstraint("decided_by_id <> asked_by_id", name="two_people"),
        sa.Index(
            "uq_note_misplacement_standing",
            "note_id",
            unique=True,
            postgresql_where=sa.text("state IN ('asked', 'taken_out')"),
        ),
        sa.Index("ix_note_misplacement_note_id", "note_id"),
        sa.Index("ix_note_misplacement_case_id", "case_id"),
    )

    # The case in which it stands wrongly.
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    note_id: Mapped[int] = mapped_column(sa.ForeignKey("note.id"))
    state: Mapped[AsideState] = mapped_column(Choice(AsideState), default=AsideState.ASKED)
    reason: Mapped[WrongCase] = mapped_column(Choice(WrongCase))
    # Where it belongs; None: nowhere. No foreign key, and only while it waits: what is said of one woman is her row
    # alone, and goes with her case.
    target_case_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    # For the second person, until she has decided.
    remark: Mapped[str | None] = mapped_column(Encrypted("note_misplacement.remark"))
    # All that the note said (`domain.misplaced.Held`). The key is that of the case in which it stands wrongly.
    held: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson("note_misplacement.held"))
    # How many characters its text has: for whoever decides without reading it.
    length: Mapped[int]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    # Why the second person left it where it is.
    answer: Mapped[str | None] = mapped_column(Encrypted("note_misplacement.answer"))

    note: Mapped[Note] = relationship()
