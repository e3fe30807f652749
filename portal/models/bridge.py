"""The bridge from the centre to what comes after: what is seen to before she leaves."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.stays import CivilOffer, GrantPrompt, PsychologistOffer
from portal.db import Base, Choice, Keyed, Versioned, one_of
from portal.vault import Encrypted


class LeavingBridge(Keyed, Versioned, Base):
    """One row a case, from the first answer on. The days follow from the planned move of the case."""

    __tablename__ = "leaving_bridge"
    __table_args__ = (
        one_of("grant_answer", GrantPrompt),
        one_of("civil_offer", CivilOffer),
        one_of("psychologist_offer", PsychologistOffer),
        sa.UniqueConstraint("case_id"),
        sa.CheckConstraint("(receiver IS NULL) = (received_on IS NULL)", name="received_on_a_day"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    # Who has taken over outside the portal, and the day it was agreed. Inside it, a live course says so itself.
    receiver: Mapped[str | None] = mapped_column(Encrypted("leaving_bridge.receiver"))
    received_on: Mapped[date | None]
    # The first real contact of whoever has taken over.
    first_contact_on: Mapped[date | None]
    address_checked_on: Mapped[date | None]
    grant_answer: Mapped[GrantPrompt | None] = mapped_column(Choice(GrantPrompt))
    civil_offer: Mapped[CivilOffer | None] = mapped_column(Choice(CivilOffer))
    # Why she was not asked, or said no.
    civil_reason: Mapped[str | None] = mapped_column(Encrypted("leaving_bridge.civil_reason"))
    # Whether the hours with a psychologist were offered. Hours that have been held say so themselves.
    psychologist_offer: Mapped[PsychologistOffer | None] = mapped_column(Choice(PsychologistOffer))
