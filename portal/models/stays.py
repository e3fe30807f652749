"""Stays at a centre, and the notices that the law asks for."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.stays import CounsellingAtExit, DelayReason, LinkReason, MainActivity, Permit
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.organisations import Organisation
from portal.vault import Encrypted, EncryptedJson


class Stay(Keyed, Versioned, Base):
    """One stay at one centre. Which centre is location-revealing: for the team only."""

    __tablename__ = "stay"
    __table_args__ = (
        sa.CheckConstraint("discharged_on >= admitted_on", name="ends_after_start"),
        one_of("link_reason", LinkReason),
        one_of("delay_reason", DelayReason),
        one_of("main_activity", MainActivity),
        one_of("permit", Permit),
        one_of("counselling", CounsellingAtExit),
        sa.CheckConstraint("(previous_stay_id IS NULL) = (link_reason IS NULL)", name="linked_for_a_reason"),
        sa.CheckConstraint("previous_stay_id <> id", name="not_linked_to_itself"),
        sa.Index("ix_stay_case_id_admitted_on", "case_id", "admitted_on"),
        sa.Index("uq_stay_open", "case_id", unique=True, postgresql_where=sa.text("discharged_on IS NULL")),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    # Empty: another centre, which is not named.
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    admitted_on: Mapped[date]
    discharged_on: Mapped[date | None]
    # Whether she says that she has stayed at a centre before; unknown is an answer.
    previous_stay_ever: Mapped[bool | None]
    # Where she went: a code, never a place.
    destination: Mapped[str | None]
    # The leader who decided that she could come. Nobody else decides it, also when an authority refers.
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # Values of `AdmissionReason`, and the version of the lists from which what stands here was chosen.
    admission_reasons: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    codes_version: Mapped[int] = mapped_column(sa.SmallInteger, default=1, server_default="1")
    # The stay before it with which this one is one connected course, and why.
    previous_stay_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stay.id"))
    link_reason: Mapped[LinkReason | None] = mapped_column(Choice(LinkReason))
    # The form at the end of the stay.
    delay_reason: Mapped[DelayReason | None] = mapped_column(Choice(DelayReason))
    main_activity: Mapped[MainActivity | None] = mapped_column(Choice(MainActivity))
    permit: Mapped[Permit | None] = mapped_column(Choice(Permit))
    is_reported: Mapped[bool | None]
    counselling: Mapped[CounsellingAtExit | None] = mapped_column(Choice(CounsellingAtExit))

    organisation: Mapped[Organisation | None] = relationship()


class StayCorrection(Keyed, Base):
    """What stood in a stay before it was corrected."""

    __tablename__ = "stay_correction"
    __table_args__ = (sa.Index("ix_stay_correction_stay_id_id", "stay_id", "id"),)

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    stay_id: Mapped[int] = mapped_column(sa.ForeignKey("stay.id"))
    # Field names with what stood there.
    original: Mapped[dict[str, str | None]] = mapped_column(EncryptedJson("stay_correction.original"))
    # Why a stay that had ended was corrected.
    reason: Mapped[str | None] = mapped_column(Encrypted("stay_correction.reason"))
    corrected_at: Mapped[datetime]
    corrected_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))


class StatutoryNotice(Keyed, Base):
    """The notice of admission or of discharge to the responsible municipality."""

    __tablename__ = "statutory_notice"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('admission', 'discharge')", name="kind_known"),
        sa.CheckConstraint("told_on IS NULL OR (kind = 'discharge' AND sent_on IS NOT NULL)", name="told_when_sent"),
        sa.UniqueConstraint("stay_id", "kind"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"), index=True)
    stay_id: Mapped[int] = mapped_column(sa.ForeignKey("stay.id"))
    kind: Mapped[str]
    due_on: Mapped[date]
    sent_on: Mapped[date | None]
    # An anonymous admission: no name and no CPR number in the notice.
    is_anonymous: Mapped[bool]
    # Sent before she left: the day that it said she would leave.
    told_on: Mapped[date | None]
