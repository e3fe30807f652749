"""Programmes are data; an offer is a programme at an organisation that takes people in."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.kinds import TrackKind
from portal.core.programmes import VersionState
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.organisations import Organisation


class Programme(Keyed, Base):
    """What the field describes: name, provider, kind and rules. From the project's own files, or made by a lead."""

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
    # Whose lead made it; empty for those of the reference file. What stands above is then that of the version in force.
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    # Since when nobody new is taken in.
    retired_on: Mapped[date | None]


class ProgrammeVersion(Keyed, Versioned, Base):
    """One edition of a lead's programme: drafted, published from a day, and never edited after that."""

    __tablename__ = "programme_version"
    __table_args__ = (
        one_of("state", VersionState),
        sa.UniqueConstraint("programme_id", "number"),
        sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_once"),
        sa.CheckConstraint("(state = 'draft') OR valid_from IS NOT NULL", name="published_from_a_day"),
        sa.Index(
            "uq_programme_version_open",
            "programme_id",
            unique=True,
            postgresql_where=sa.text("state IN ('draft', 'scheduled')"),
        ),
        sa.Index(
            "uq_programme_version_in_force",
            "programme_id",
            unique=True,
            postgresql_where=sa.text("state = 'in_force'"),
        ),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    # Counted from 1 within the programme.
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    state: Mapped[VersionState] = mapped_column(Choice(VersionState), default=VersionState.DRAFT)
    # The day from which those who are referred get this edition.
    valid_from: Mapped[date | None]
    # Names, texts, rules and places; `domain/programme_drafts.py` says what may stand there.
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    edited_at: Mapped[datetime]
    edited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    programme: Mapped[Programme] = relationship()


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
