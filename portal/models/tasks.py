"""Tasks for volunteers: a public card of fixed words, and sealed details that open when the time comes."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.enums import Region
from portal.core.protection import KeyKind
from portal.core.states import ClaimState, TaskState
from portal.core.volunteers import PartOfDay, TaskKind, TaskOutcome
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.volunteers import Volunteer
from portal.vault import Encrypted


class Task(Keyed, Versioned, Base):
    """One task. Before confirmation a volunteer sees only what this table holds in plain words and numbers."""

    __tablename__ = "task"
    __table_args__ = (
        one_of("kind", TaskKind),
        one_of("state", TaskState),
        one_of("region", Region),
        one_of("part_of_day", PartOfDay),
        sa.CheckConstraint("taken BETWEEN 0 AND places", name="places_not_overbooked"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.Index(
            "ix_task_board",
            "organisation_id",
            "region",
            "starts_at",
            "id",
            postgresql_where=sa.text("state = 'published'"),
        ),
        sa.Index("ix_task_organisation_id_state_starts_at_id", "organisation_id", "state", "starts_at", "id"),
        sa.Index("ix_task_case_id", "case_id"),
        sa.Index("ix_task_enrolment_id", "enrolment_id"),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    # Never shown to a volunteer: two tasks for one woman must not be recognisable as such.
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("client_case.id"))
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"))
    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[TaskKind] = mapped_column(Choice(TaskKind))
    state: Mapped[TaskState] = mapped_column(Choice(TaskState), default=TaskState.DRAFT)
    region: Mapped[Region] = mapped_column(Choice(Region))
    # The Monday of the week and the part of the day: what the card shows before confirmation.
    week_of: Mapped[date]
    part_of_day: Mapped[PartOfDay] = mapped_column(Choice(PartOfDay))
    # The exact time: shown from confirmation.
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    skills: Mapped[list[str]] = mapped_column(default=list)
    has_children: Mapped[bool] = mapped_column(default=False)
    is_accompanied: Mapped[bool] = mapped_column(default=False)
    places: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    # Live claims; kept in the statement that takes a place.
    taken: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    # First name or an agreed alias: inside the window only.
    alias: Mapped[str | None] = mapped_column(Encrypted("task.alias", otherwise="organisation_id"))
    meeting_point: Mapped[str | None] = mapped_column(
        Encrypted("task.meeting_point", KeyKind.LOCATION, otherwise="organisation_id")
    )
    # Revealed inside the window, to a volunteer who has been approved for it.
    address: Mapped[str | None] = mapped_column(
        Encrypted("task.address", KeyKind.LOCATION, otherwise="organisation_id"), deferred=True
    )
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    # Since when it is put off because her safety is looked at anew. A volunteer sees that it is, and no more.
    held_at: Mapped[datetime | None]

    case: Mapped[Case | None] = relationship()
    enrolment: Mapped[Enrolment | None] = relationship()


class Claim(Keyed, Versioned, Base):
    """One volunteer's place on a task."""

    __tablename__ = "claim"
    __table_args__ = (
        one_of("state", ClaimState),
        one_of("outcome", TaskOutcome),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes_in_a_day"),
        sa.Index(
            "uq_claim_live",
            "task_id",
            "volunteer_id",
            unique=True,
            postgresql_where=sa.text("state IN ('pending', 'confirmed', 'done')"),
        ),
        sa.Index("ix_claim_task_id", "task_id"),
        sa.Index("ix_claim_volunteer_id_state_id", "volunteer_id", "state", "id"),
    )

    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"))
    volunteer_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteer.id"))
    state: Mapped[ClaimState] = mapped_column(Choice(ClaimState), default=ClaimState.PENDING)
    claimed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # Whether the case worker has approved that this volunteer may see the address of this task.
    may_see_address: Mapped[bool] = mapped_column(default=False)
    released_at: Mapped[datetime | None]
    # She says that she knows the woman. For the coordinator only.
    knows_her: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    done_at: Mapped[datetime | None]
    minutes: Mapped[int | None] = mapped_column(sa.SmallInteger)
    outcome: Mapped[TaskOutcome | None] = mapped_column(Choice(TaskOutcome))
    # For the coordinator only.
    report: Mapped[str | None] = mapped_column(
        Encrypted("claim.report", via="task_id.case_id", otherwise="task_id.organisation_id")
    )
    # What made her worried about a child, written at once. For the coordinator and the case's team.
    worry: Mapped[str | None] = mapped_column(
        Encrypted("claim.worry", via="task_id.case_id", otherwise="task_id.organisation_id")
    )
    worried_at: Mapped[datetime | None]

    task: Mapped[Task] = relationship()
    volunteer: Mapped[Volunteer] = relationship()
