"""Organisations that leave: the steps of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.enums import Role
from portal.core.people import ExitState
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.organisations import Organisation
from portal.models.users import User


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
