"""Everything that stands in a calendar: talks, visits, group meetings, intake talks; and who came."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.kinds import MeetingCancelReason, MeetingKind, PlaceKind
from portal.core.notes import TalkKind
from portal.core.protection import KeyKind
from portal.core.states import MeetingState, Presence
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.groups import GroupRound
from portal.models.users import User
from portal.vault import Encrypted


class Meeting(Keyed, Versioned, Base):
    """One meeting, with one woman (case) or with a group (round)."""

    __tablename__ = "meeting"
    __table_args__ = (
        one_of("kind", MeetingKind),
        one_of("state", MeetingState),
        one_of("place_kind", PlaceKind),
        one_of("cancel_reason", MeetingCancelReason),
        one_of("talk", TalkKind),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled_with_reason"),
        sa.Index("ix_meeting_responsible_id_starts_at_id", "responsible_id", "starts_at", "id"),
        sa.Index("ix_meeting_organisation_id_starts_at_id", "organisation_id", "starts_at", "id"),
        sa.Index("ix_meeting_case_id_starts_at_id", "case_id", "starts_at", "id"),
        sa.Index("ix_meeting_enrolment_id_starts_at", "enrolment_id", "starts_at"),
        sa.Index("ix_meeting_request_id", "request_id"),
        sa.Index("uq_meeting_round_id_number", "round_id", "number", unique=True),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    responsible_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("client_case.id"))
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"))
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("group_round.id"))
    # For talks before a decision: the request they belong to, and which of the programme's steps it is.
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("track_request.id"))
    step: Mapped[str | None]
    # The running number in a round.
    number: Mapped[int | None] = mapped_column(sa.SmallInteger)
    kind: Mapped[MeetingKind] = mapped_column(Choice(MeetingKind))
    state: Mapped[MeetingState] = mapped_column(Choice(MeetingState), default=MeetingState.PLANNED)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place_kind: Mapped[PlaceKind] = mapped_column(Choice(PlaceKind))
    # Location-revealing: for the team and, on her sheet, for her.
    place: Mapped[str | None] = mapped_column(
        Encrypted("meeting.place", KeyKind.LOCATION, otherwise="organisation_id"), deferred=True
    )
    theme: Mapped[str | None] = mapped_column(Encrypted("meeting.theme", otherwise="organisation_id"))
    has_interpreter: Mapped[bool] = mapped_column(default=False)
    cancel_reason: Mapped[MeetingCancelReason | None] = mapped_column(Choice(MeetingCancelReason))
    # The first time it was planned for, when it has been moved.
    moved_from: Mapped[datetime | None]
    registered_at: Mapped[datetime | None]
    # What kind of talk it was, said when it had been held; it stands in the journal, never in a calendar.
    talk: Mapped[TalkKind | None] = mapped_column(Choice(TalkKind))
    # About the meeting; for a group about the group, never about a person.
    note: Mapped[str | None] = mapped_column(Encrypted("meeting.note", otherwise="organisation_id"))

    responsible: Mapped[User] = relationship()
    case: Mapped[Case | None] = relationship()
    enrolment: Mapped[Enrolment | None] = relationship()
    round: Mapped[GroupRound | None] = relationship()


class Attendance(Base):
    """Who came to a group meeting."""

    __tablename__ = "attendance"
    __table_args__ = (one_of("presence", Presence), sa.Index("ix_attendance_enrolment_id", "enrolment_id"))

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"), primary_key=True)
    presence: Mapped[Presence] = mapped_column(Choice(Presence), default=Presence.EXPECTED)
    set_at: Mapped[datetime | None]
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
