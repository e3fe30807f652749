"""Critical Time Intervention: the course and its phases. All dates come from T0, the move into her own home."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.measures import Phase
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.enrolments import Enrolment
from portal.vault import Encrypted


class CtiCourse(Keyed, Versioned, Base):
    """One course per enrolment. The phase boundaries are computed, never stored."""

    __tablename__ = "cti_course"
    __table_args__ = (one_of("phase", Phase),)

    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"), unique=True)
    # The day she moved into her own home; empty during contact-building.
    t0: Mapped[date | None]
    # The phase that the worker has brought the course to; the calendar says when the next is due.
    phase: Mapped[Phase] = mapped_column(Choice(Phase), default=Phase.PRE)
    # The legal basis for the months after the sixth, when the ordinary counselling has ended.
    late_basis: Mapped[str | None] = mapped_column(Encrypted("cti_course.late_basis", via="enrolment_id.case_id"))

    enrolment: Mapped[Enrolment] = relationship()


class PhasePlan(Keyed, Versioned, Base):
    """One to three focus areas for a phase, chosen with her."""

    __tablename__ = "phase_plan"
    __table_args__ = (
        one_of("phase", Phase),
        sa.UniqueConstraint("course_id", "phase"),
        sa.CheckConstraint("cardinality(areas) BETWEEN 1 AND 3", name="one_to_three_areas"),
    )

    course_id: Mapped[int] = mapped_column(sa.ForeignKey("cti_course.id"))
    phase: Mapped[Phase] = mapped_column(Choice(Phase))
    # Codes of the seven areas of the method.
    areas: Mapped[list[str]]
    plan: Mapped[str | None] = mapped_column(Encrypted("phase_plan.plan", via="course_id.enrolment_id.case_id"))
    written_on: Mapped[date]
    # Filled when the phase has been looked back on together with her.
    reviewed_on: Mapped[date | None]
    review: Mapped[str | None] = mapped_column(Encrypted("phase_plan.review", via="course_id.enrolment_id.case_id"))
