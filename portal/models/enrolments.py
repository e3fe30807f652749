"""Taking part in a programme: what all kinds have in common."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.courses import MissingCheck
from portal.core.kinds import EndReason, TrackKind
from portal.core.states import EnrolmentState
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, ProgrammeVersion
from portal.models.users import User
from portal.vault import Encrypted


class Enrolment(Keyed, Versioned, Base):
    """She takes part in one offer. What is special about the kind stands in the kind's own table."""

    __tablename__ = "enrolment"
    __table_args__ = (
        one_of("kind", TrackKind),
        one_of("state", EnrolmentState),
        one_of("end_reason", EndReason),
        one_of("unchecked_reason", MissingCheck),
        sa.CheckConstraint("ended_on >= started_on", name="ends_after_start"),
        sa.Index(
            "uq_enrolment_live",
            "case_id",
            "offer_id",
            unique=True,
            postgresql_where=sa.text("state IN ('proposed', 'active', 'paused')"),
        ),
        sa.Index("ix_enrolment_organisation_id_state_kind_id", "organisation_id", "state", "kind", "id"),
        sa.Index("ix_enrolment_worker_id_state_id", "worker_id", "state", "id"),
        sa.Index("ix_enrolment_round_id", "round_id"),
        sa.Index("ix_enrolment_case_id", "case_id"),
        sa.Index("ix_enrolment_offer_id_state", "offer_id", "state"),
        sa.Index(
            "ix_enrolment_unchecked",
            "organisation_id",
            "ended_on",
            "id",
            postgresql_where=sa.text("unchecked_reason IS NOT NULL"),
        ),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"))
    # The edition of the programme that it began with, whatever is published later; empty for those of the file.
    programme_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme_version.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind: Mapped[TrackKind] = mapped_column(Choice(TrackKind))
    # Empty when she came without a referral (own approach).
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("track_request.id"), unique=True)
    worker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # For groups: the round that she has a seat in.
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("group_round.id"))
    state: Mapped[EnrolmentState] = mapped_column(Choice(EnrolmentState), default=EnrolmentState.PROPOSED)
    created_at: Mapped[datetime]
    started_on: Mapped[date | None]
    planned_end_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[EndReason | None] = mapped_column(Choice(EndReason))
    end_note: Mapped[str | None] = mapped_column(Encrypted("enrolment.end_note"))
    # Why nobody looked at her safety in the last 14 days, where it ended early; seen by whoever sees the course.
    unchecked_reason: Mapped[MissingCheck | None] = mapped_column(Choice(MissingCheck))
    # For a look that was made elsewhere: by whom.
    checked_by: Mapped[str | None] = mapped_column(Encrypted("enrolment.checked_by"))
    # When a pause must be looked at again.
    pause_review_on: Mapped[date | None]

    case: Mapped[Case] = relationship()
    offer: Mapped[Offer] = relationship()
    organisation: Mapped[Organisation] = relationship()
    worker: Mapped[User | None] = relationship()
    programme_version: Mapped[ProgrammeVersion | None] = relationship()

    @property
    def rules(self) -> dict[str, Any]:
        """The rules that it began with (R-661). Needs the version loaded, or offer and programme."""
        return self.offer.programme.rules if self.programme_version is None else self.programme_version.content
