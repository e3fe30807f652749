"""Cases that are offered to another organisation, which answers for them once it has said yes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.people import TransferBasis, TransferState
from portal.db import Base, Choice, Keyed, one_of, relationship
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.vault import Encrypted


class CaseTransfer(Keyed, Base):
    """One open case offered to another organisation, which says yes or no."""

    __tablename__ = "case_transfer"
    __table_args__ = (
        one_of("state", TransferState),
        one_of("basis", TransferBasis),
        sa.CheckConstraint("from_organisation_id <> to_organisation_id", name="somewhere_else"),
        sa.CheckConstraint("(state = 'proposed') = (answered_at IS NULL)", name="answered_when_answered"),
        sa.Index("uq_case_transfer_open", "case_id", unique=True, postgresql_where=sa.text("state = 'proposed'")),
        sa.Index("ix_case_transfer_to_organisation_id_state", "to_organisation_id", "state", "id"),
        sa.Index("ix_case_transfer_case_id_id", "case_id", "id"),
        sa.Index("ix_case_transfer_from_organisation_id", "from_organisation_id", "id"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    from_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    to_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    basis: Mapped[TransferBasis] = mapped_column(Choice(TransferBasis))
    # The paragraph, or how and when she said yes.
    note: Mapped[str] = mapped_column(Encrypted("case_transfer.note"))
    state: Mapped[TransferState] = mapped_column(Choice(TransferState), default=TransferState.PROPOSED)
    # What the receiver must know before it answers, without name and place.
    hand_over: Mapped[str | None] = mapped_column(Encrypted("case_transfer.hand_over"))
    # Who of the giver stays on the team by her consent.
    stays_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # Why the receiver said no.
    decline_reason: Mapped[str | None] = mapped_column(Encrypted("case_transfer.decline_reason"))
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    case: Mapped[Case] = relationship()
    from_organisation: Mapped[Organisation] = relationship(foreign_keys=[from_organisation_id])
    to_organisation: Mapped[Organisation] = relationship(foreign_keys=[to_organisation_id])
