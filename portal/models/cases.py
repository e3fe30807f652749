"""The case: one shared file per client episode, its team, its notes and its consents."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.kinds import ConsentForm, ConsentPurpose, ContactMode, ContactResult, TeamScope
from portal.core.notes import NoteAside, NoteReaders, TalkKind
from portal.core.states import CaseState
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.clients import Client
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.vault import Encrypted


class ReferenceCounter(Base):
    """The last running number of a year, for references such as 2026-0431."""

    __tablename__ = "reference_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Case(Keyed, Versioned, Base):
    """Owned by one organisation at a time; others get what a referral or an enrolment gives them."""

    __tablename__ = "client_case"
    __table_args__ = (
        one_of("state", CaseState),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_when_closed"),
        sa.Index("ix_client_case_owner_organisation_id_state_id", "owner_organisation_id", "state", "id"),
        # Few, and asked for by every statement that the second wall looks at.
        sa.Index("ix_client_case_erased", "id", postgresql_where=sa.text("erased_at IS NOT NULL")),
    )

    client_id: Mapped[int] = mapped_column(sa.ForeignKey("client.id"), index=True)
    # For the team and on the telephone: year and running number.
    reference: Mapped[str] = mapped_column(unique=True)
    # For programme leads: unrelated to the reference above.
    lead_reference: Mapped[str] = mapped_column(unique=True)
    owner_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[CaseState] = mapped_column(Choice(CaseState), default=CaseState.OPEN)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None]
    # The municipality that must act, and the one that pays. Team and municipality only.
    responsible_municipality_code: Mapped[str | None] = mapped_column(sa.ForeignKey("municipality.code"))
    paying_municipality_code: Mapped[str | None] = mapped_column(sa.ForeignKey("municipality.code"))
    # When she plans to move into her own home, and when she did (the day that CTI counts from).
    planned_move_on: Mapped[date | None]
    moved_on: Mapped[date | None]
    # From this moment the case does not exist for anybody; the trail of who looked stays.
    erased_at: Mapped[datetime | None]

    client: Mapped[Client] = relationship()
    owner: Mapped[Organisation] = relationship()


class TeamMember(Keyed, Base):
    """Who works on the case. Being here is what makes a case visible to a case worker."""

    __tablename__ = "team_member"
    __table_args__ = (
        one_of("scope", TeamScope),
        sa.Index(
            "uq_team_member_live", "case_id", "user_id", unique=True, postgresql_where=sa.text("ended_at IS NULL")
        ),
        sa.Index(
            "uq_team_member_primary",
            "case_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL AND is_primary"),
        ),
        # Also those who have left: the wall asks whether there has been a team (bro_is_new_case).
        sa.Index("ix_team_member_case_id", "case_id"),
        sa.Index("ix_team_member_user_id_case_id", "user_id", "case_id", postgresql_where=sa.text("ended_at IS NULL")),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    # The one whom the others ask.
    is_primary: Mapped[bool] = mapped_column(default=False)
    scope: Mapped[TeamScope] = mapped_column(Choice(TeamScope), default=TeamScope.FULL)
    joined_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # While she stands in for somebody who is away: the absence with which her place ends.
    absence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("membership_absence.id"), index=True)

    case: Mapped[Case] = relationship()
    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()


EMPTY_ASIDE = (
    "aside IS NULL OR (text IS NULL AND mode IS NULL AND result IS NULL AND minutes IS NULL AND talk IS NULL"
    " AND enrolment_id IS NULL AND counselling_id IS NULL AND corrects_id IS NULL AND meeting_id IS NULL"
    " AND cardinality(took_part) = 0 AND cardinality(themes) = 0)"
)


class Note(Keyed, Base):
    """A journal note or a logged contact. Never edited: a correction is a new note that names the old one.

    What stands in the wrong case is taken out by two (R-820); of it stays who wrote it and when.
    """

    __tablename__ = "note"
    __table_args__ = (
        one_of("mode", ContactMode),
        one_of("result", ContactResult),
        one_of("readers", NoteReaders),
        one_of("talk", TalkKind),
        one_of("aside", NoteAside),
        # Whoever forgets to ask reads nothing.
        sa.CheckConstraint(EMPTY_ASIDE, name="empty_aside"),
        sa.Index("ix_note_case_id_happened_at_id", "case_id", sa.text("happened_at DESC"), sa.text("id DESC")),
        sa.CheckConstraint("NOT is_withdrawal OR corrects_id IS NOT NULL", name="withdraws_something"),
        sa.Index("ix_note_corrects_id", "corrects_id", postgresql_where=sa.text("corrects_id IS NOT NULL")),
        sa.Index("ix_note_meeting_id", "meeting_id", postgresql_where=sa.text("meeting_id IS NOT NULL")),
        sa.Index("ix_note_aside", "case_id", postgresql_where=sa.text("aside = 'waits'")),
        sa.Index("uq_note_withdrawn", "corrects_id", unique=True, postgresql_where=sa.text("is_withdrawal")),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"))
    # A contact within the statutory counselling.
    counselling_id: Mapped[int | None] = mapped_column(sa.ForeignKey("coordinating_counselling.id"), index=True)
    # The meeting that it was written about.
    meeting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    # When it happened and when it was written: the duty to note asks for both.
    happened_at: Mapped[datetime]
    # Its day is known and no hour: what `happened_at` says of the hour is told nowhere.
    is_day_only: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    written_at: Mapped[datetime]
    mode: Mapped[ContactMode | None] = mapped_column(Choice(ContactMode))
    result: Mapped[ContactResult | None] = mapped_column(Choice(ContactResult))
    minutes: Mapped[int | None] = mapped_column(sa.SmallInteger)
    # What kind of talk it was; None for what was no talk.
    talk: Mapped[TalkKind | None] = mapped_column(Choice(TalkKind))
    # Who was there: values of `TookPart`. The children stand in `note_child`.
    took_part: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    readers: Mapped[NoteReaders] = mapped_column(
        Choice(NoteReaders), default=NoteReaders.TEAM, server_default=NoteReaders.TEAM.value
    )
    # What it was about: codes of need areas.
    themes: Mapped[list[str]] = mapped_column(default=list)
    text: Mapped[str | None] = mapped_column(Encrypted("note.text"))
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("note.id"))
    # The contact that it corrects was logged by a slip: it counts nowhere.
    is_withdrawal: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # What it said stands in `note_misplacement` while it waits for a second person, and nowhere once it is out.
    aside: Mapped[NoteAside | None] = mapped_column(Choice(NoteAside))
    is_moved_in: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    author: Mapped[User] = relationship()


class NotePin(Base):
    """A note that stands first in its case's journal until somebody takes it down. The note itself stays as it is."""

    __tablename__ = "note_pin"

    note_id: Mapped[int] = mapped_column(sa.ForeignKey("note.id"), primary_key=True)
    pinned_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    pinned_at: Mapped[datetime]


class Consent(Keyed, Base):
    """What she has agreed to, towards whom and until when."""

    __tablename__ = "consent"
    __table_args__ = (
        one_of("purpose", ConsentPurpose),
        one_of("form", ConsentForm),
        sa.Index("ix_consent_case_id_purpose", "case_id", "purpose"),
        sa.Index("ix_consent_expires_on", "expires_on"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    purpose: Mapped[ConsentPurpose] = mapped_column(Choice(ConsentPurpose))
    # Empty: the organisation that owns the case.
    recipient_organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    # What may be shared: values of `ConsentScope`. Empty in what was written down before scopes were asked for.
    scope: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    form: Mapped[ConsentForm] = mapped_column(Choice(ConsentForm))
    given_on: Mapped[date]
    expires_on: Mapped[date]
    withdrawn_at: Mapped[datetime | None]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))

    recipient: Mapped[Organisation | None] = relationship()
    recorded_by: Mapped[User] = relationship()
