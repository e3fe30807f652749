"""Programmes are data; an offer is a programme at an organisation that takes people in."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.kinds import TrackKind
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.organisations import Organisation


class Programme(Keyed, Base):
    """What the field describes: name, provider, kind and rules. Loaded from the project's own files."""

    __tablename__ = "programme"
    __table_args__ = (one_of("kind", TrackKind),)

    # The short English key of the reference file.
    key: Mapped[str] = mapped_column(unique=True)
    name_da: Mapped[str]
    name_en: Mapped[str]
    # The public name of the provider.
    provider: Mapped[str]
    kind: Mapped[TrackKind] = mapped_column(Choice(TrackKind))
    summary_da: Mapped[str]
    summary_en: Mapped[str]
    # Criteria, nomination form, steps, durations, follow-up plan, facts; `domain/programmes.py` reads it.
    rules: Mapped[dict[str, Any]]


class Offer(Keyed, Versioned, Base):
    """A programme as one organisation gives it: with its own capacity, open or closed for referrals."""

    __tablename__ = "offer"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "organisation_id"),
        sa.CheckConstraint("capacity > 0", name="capacity_positive"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    # Places at once; empty when there is no fixed number.
    capacity: Mapped[int | None]
    is_accepting: Mapped[bool] = mapped_column(default=True)

    programme: Mapped[Programme] = relationship()
    organisation: Mapped[Organisation] = relationship()
