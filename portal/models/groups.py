"""Group courses in rounds. The meetings of a round are rows of `meeting`; a seat is an enrolment with a round."""

from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.states import RoundState
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.programmes import Offer
from portal.models.users import User


class GroupRound(Keyed, Versioned, Base):
    """One round: when it starts, how often it meets, how many seats."""

    __tablename__ = "group_round"
    __table_args__ = (
        one_of("state", RoundState),
        sa.CheckConstraint("places_min <= places_max", name="places_in_order"),
        sa.CheckConstraint("taken BETWEEN 0 AND places_max", name="seats_not_overbooked"),
        sa.Index("ix_group_round_organisation_id_starts_on_id", "organisation_id", "starts_on", "id"),
    )

    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    # Such as "Autumn 2026"; never a place.
    name: Mapped[str]
    state: Mapped[RoundState] = mapped_column(Choice(RoundState), default=RoundState.PLANNED)
    starts_on: Mapped[date]
    starts_at_time: Mapped[time]
    session_minutes: Mapped[int] = mapped_column(sa.SmallInteger)
    session_count: Mapped[int] = mapped_column(sa.SmallInteger)
    # Days from one meeting to the next.
    step_days: Mapped[int] = mapped_column(sa.SmallInteger)
    places_min: Mapped[int] = mapped_column(sa.SmallInteger)
    places_max: Mapped[int] = mapped_column(sa.SmallInteger)
    # Seats in use; kept in the transaction that gives a seat.
    taken: Mapped[int] = mapped_column(sa.SmallInteger, default=0)

    offer: Mapped[Offer] = relationship()


class RoundLeader(Base):
    """Who leads a round. Two are needed."""

    __tablename__ = "round_leader"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("group_round.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True, index=True)

    user: Mapped[User] = relationship()
