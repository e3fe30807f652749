"""Volunteers, and whom they accompany."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.enums import Region
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.enrolments import Enrolment
from portal.models.users import User


class Volunteer(Keyed, Versioned, Base):
    """What a volunteer can and may do. Certificates are dates here, never documents."""

    __tablename__ = "volunteer"
    __table_args__ = (
        one_of("region", Region),
        sa.UniqueConstraint("user_id", "organisation_id"),
        sa.Index("ix_volunteer_organisation_id_region", "organisation_id", "region"),
    )

    # Once at each association: one person may help at two, and neither learns of the other.
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    region: Mapped[Region] = mapped_column(Choice(Region))
    # Codes of the fixed list of skills.
    skills: Mapped[list[str]] = mapped_column(default=list)
    # The declaration of confidentiality, the training, the child certificate: none, no tasks.
    pledged_on: Mapped[date | None]
    trained_on: Mapped[date | None]
    certificate_until: Mapped[date | None]
    is_suspended: Mapped[bool] = mapped_column(default=False)
    # From this day she may take tasks: everybody waits a few weekdays, so that nobody learns anything by waiting.
    opens_on: Mapped[date | None]

    user: Mapped[User] = relationship()


class VolunteerMatch(Keyed, Versioned, Base):
    """One volunteer who accompanies one woman, a couple of hours two or three times a month."""

    __tablename__ = "volunteer_match"
    __table_args__ = (
        sa.Index("uq_volunteer_match_live", "enrolment_id", unique=True, postgresql_where=sa.text("ended_on IS NULL")),
        sa.Index("ix_volunteer_match_enrolment_id", "enrolment_id"),
        sa.Index("ix_volunteer_match_volunteer_id", "volunteer_id"),
        sa.CheckConstraint("ended_on >= started_on", name="ends_after_start"),
    )

    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"))
    volunteer_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteer.id"))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    volunteer: Mapped[Volunteer] = relationship()
    enrolment: Mapped[Enrolment] = relationship()
