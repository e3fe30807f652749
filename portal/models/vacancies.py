"""What has room: what a place says of itself, who watches for one, and when one opened. Nothing about any woman."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Keyed, Versioned


class Place(Keyed, Versioned, Base):
    """Whom an offer, or the rooms of a centre, can take. Of where it is only the organisation's region is shown."""

    __tablename__ = "place"
    __table_args__ = (
        sa.Index("uq_place_offer_id", "offer_id", unique=True, postgresql_where=sa.text("offer_id IS NOT NULL")),
        sa.Index("uq_place_rooms", "organisation_id", unique=True, postgresql_where=sa.text("offer_id IS NULL")),
        sa.CheckConstraint("(offer_id IS NULL) = (rooms IS NOT NULL)", name="rooms_of_a_centre"),
        sa.CheckConstraint("rooms BETWEEN 0 AND 99", name="rooms_counted"),
        sa.CheckConstraint(
            "duty_phone IS NULL OR (offer_id IS NULL AND duty_phone ~ '^[1-9][0-9]{7}$')",
            name="duty_phone_of_a_centre",
        ),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    # The offer that it is about; empty for a centre's own rooms.
    offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id"))
    # Rooms that a centre has free, and from which day.
    rooms: Mapped[int | None] = mapped_column(sa.SmallInteger)
    free_on: Mapped[date | None]
    # The most children with one mother, the age of the oldest in years; empty where nothing was said.
    most_children: Mapped[int | None] = mapped_column(sa.SmallInteger)
    oldest_child: Mapped[int | None] = mapped_column(sa.SmallInteger)
    # Whether somebody in a wheelchair can live there or come there; empty where nothing was said.
    is_accessible: Mapped[bool | None]
    # Codes of the languages spoken there without an interpreter.
    languages: Mapped[list[str]] = mapped_column(default=list, server_default=sa.text("'{}'::text[]"))
    # Which telephone of a centre is answered at night, as it publishes it itself; empty where it publishes none.
    duty_phone: Mapped[str | None]
    # A number of rooms is trusted for two days.
    told_at: Mapped[datetime]
    told_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


class PlaceOpening(Base):
    """That a place had room from then on, until it had none. One is open at a time."""

    __tablename__ = "place_opening"
    __table_args__ = (
        sa.Index(
            "uq_place_opening_offer",
            "offer_id",
            unique=True,
            postgresql_where=sa.text("closed_at IS NULL AND offer_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_place_opening_rooms",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("closed_at IS NULL AND offer_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class PlaceStandard(Base):
    """The view of the board that somebody has chosen as hers."""

    __tablename__ = "place_standard"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), unique=True)
    # Filter name to code.
    wanted: Mapped[dict[str, Any]]


class PlaceWatch(Keyed, Base):
    """Somebody wants to be told when a place opens. Codes alone: nothing of any case."""

    __tablename__ = "place_watch"
    __table_args__ = (
        sa.Index("ix_place_watch_live", "user_id", "id", postgresql_where=sa.text("ended_at IS NULL")),
        sa.Index("ix_place_watch_ends_on", "ends_on", postgresql_where=sa.text("ended_at IS NULL")),
    )

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # Filter name to code.
    wanted: Mapped[dict[str, Any]]
    set_at: Mapped[datetime]
    # The last day; never more than 60 days ahead.
    ends_on: Mapped[date]
    ended_at: Mapped[datetime | None]
