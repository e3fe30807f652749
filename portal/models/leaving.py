"""Organisations that leave: the steps of it, and the cases that go to somebody else."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.enums import Role
from portal.core.people import ExitState, TransferBasis, TransferState
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.vault import Encrypted


class OrganisationExit(Keyed, Versioned, Base):
    """One organisation's leaving, from the wish to the certificate. Two persons at its beginning and at its end."""

    __tablename__ = "organisation_exit"
    __table_args__ = (
        one_of("state", ExitState),
        one_of("asked_role", Role),
        one_of("destruction_asked_role", Role),
        sa.Index(
            "uq_organisation_exit_live",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("state <> 'called_off'"),
        ),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[ExitState] = mapped_column(Choice(ExitState))
    asked_at: Mapped[datetime]
    # Empty: the operator, on the command line.
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # In which role: the second person is in another one.
    asked_role: Mapped[Role] = mapped_column(Choice(Role))
    # Day 0: from here on the organisation changes nothing any more.
    frozen_at: Mapped[datetime | None]
    frozen_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # Day 30: nobody signs in any more.
    revoked_at: Mapped[datetime | None]
    # Day 90: two persons, and the key is gone.
    destruction_asked_at: Mapped[datetime | None]
    destruction_asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    destruction_asked_role: Mapped[Role | None] = mapped_column(Choice(Role))
    destroyed_at: Mapped[datetime | None]
    destroyed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    organisation: Mapped[Organisation] = relationship()


class OrganisationReturn(Keyed, Base):
    """The receipt for one file with all cases of an organisation that leaves. The file itself is not kept."""

    __tablename__ = "organisation_return"
    __table_args__ = (
        one_of("made_role", Role),
        sa.CheckConstraint("cases >= 0 AND size > 0", name="counted"),
        sa.CheckConstraint("length(sha256) = 64 AND length(certificate_sha256) = 64", name="hashes"),
        sa.Index("ix_organisation_return_organisation_id_id", "organisation_id", "id"),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    exit_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation_exit.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    made_role: Mapped[Role] = mapped_column(Choice(Role))
    cases: Mapped[int]
    # Of the file as it was handed out, in bytes.
    size: Mapped[int] = mapped_column(sa.BigInteger)
    # Of that file and of the certificate that opens it, in hexadecimal.
    sha256: Mapped[str]
    certificate_sha256: Mapped[str]
    # Over all of the above, by the key that signs the heads of the trail.
    signature: Mapped[bytes]

    organisation: Mapped[Organisation] = relationship()
    made_by: Mapped[User] = relationship()


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
        sa.Index("ix_case_transfer_from_organisation_id", "from_organisation_id", "id"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    from_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    to_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    basis: Mapped[TransferBasis] = mapped_column(Choice(TransferBasis))
    # The paragraph, or how and when she said yes.
    note: Mapped[str] = mapped_column(Encrypted("case_transfer.note"))
    state: Mapped[TransferState] = mapped_column(Choice(TransferState), default=TransferState.PROPOSED)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    case: Mapped[Case] = relationship()
    to_organisation: Mapped[Organisation] = relationship(foreign_keys=[to_organisation_id])
