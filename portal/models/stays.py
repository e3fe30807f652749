"""Stays at a centre, and the notices that the law asks for."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Keyed, Versioned, relationship
from portal.models.organisations import Organisation


class Stay(Keyed, Versioned, Base):
    """One stay at one centre. Which centre is location-revealing: for the team only."""

    __tablename__ = "stay"
    __table_args__ = (
        sa.CheckConstraint("discharged_on >= admitted_on", name="ends_after_start"),
        sa.Index("uq_stay_open", "case_id", unique=True, postgresql_where=sa.text("discharged_on IS NULL")),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    admitted_on: Mapped[date]
    discharged_on: Mapped[date | None]
    # Whether she says that she has stayed at a centre before; unknown is an answer.
    previous_stay_ever: Mapped[bool | None]
    # Where she went: a code, never a place.
    destination: Mapped[str | None]

    organisation: Mapped[Organisation] = relationship()


class StatutoryNotice(Keyed, Base):
    """The notice of admission or of discharge to the responsible municipality."""

    __tablename__ = "statutory_notice"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('admission', 'discharge')", name="kind_known"),
        sa.UniqueConstraint("stay_id", "kind"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"), index=True)
    stay_id: Mapped[int] = mapped_column(sa.ForeignKey("stay.id"))
    kind: Mapped[str]
    due_on: Mapped[date]
    sent_on: Mapped[date | None]
    # An anonymous admission: no name and no CPR number in the notice.
    is_anonymous: Mapped[bool]
