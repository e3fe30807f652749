"""Her children: each with a record of its own, where it is, who looks after it, what is planned, what is agreed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.children import ChildSettingKind, ConsentGiver, ConsentQuestion, PlanStep, Whereabouts
from portal.core.protection import KeyKind
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.clients import Client
from portal.vault import Encrypted

PLACE = "child_id.client_id"


class Child(Keyed, Versioned, Base):
    """A child of hers, along or not. Shown outside the team as a count and an age band."""

    __tablename__ = "child"
    __table_args__ = (
        sa.CheckConstraint("birth_year BETWEEN 1980 AND 2100", name="birth_year_sane"),
        sa.Index("ix_child_last_spoken_on", "last_spoken_on", "id", postgresql_where=sa.text("is_along")),
    )

    client_id: Mapped[int] = mapped_column(sa.ForeignKey("client.id"), index=True)
    name: Mapped[str | None] = mapped_column(Encrypted("child.name", KeyKind.SUBJECT, via=""))
    birth_year: Mapped[int] = mapped_column(sa.SmallInteger)
    # The day, as ISO text, where it is known; for the team only.
    birth_date: Mapped[str | None] = mapped_column(Encrypted("child.birth_date", KeyKind.SUBJECT, via=""))
    # Whether the child is with her at the centre or in the new home.
    is_along: Mapped[bool] = mapped_column(default=True)
    # What professionals must know about the child; for the team only.
    needs: Mapped[str | None] = mapped_column(Encrypted("child.needs", KeyKind.SUBJECT, via=""))
    # A value of `Custody`, and one of `ContactArrangement` with words beside it; for the team only.
    custody: Mapped[str | None] = mapped_column(Encrypted("child.custody", KeyKind.SUBJECT, via=""))
    contact: Mapped[str | None] = mapped_column(Encrypted("child.contact", KeyKind.SUBJECT, via=""))
    contact_text: Mapped[str | None] = mapped_column(Encrypted("child.contact_text", KeyKind.SUBJECT, via=""))
    # Where the child's language is another than hers.
    language: Mapped[str | None]
    needs_interpreter: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # The last day on which somebody of the team spoke with the child itself.
    last_spoken_on: Mapped[date | None]

    client: Mapped[Client] = relationship()


class ChildPeriod(Keyed, Versioned, Base):
    """With whom a child was, and when. Never two answers for one day."""

    __tablename__ = "child_period"
    __table_args__ = (
        one_of("kind", Whereabouts),
        ExcludeConstraint(
            (sa.text("int8range(child_id, child_id, '[]')"), "&&"),
            ("period", "&&"),
            using="gist",
            name="ex_child_period_one_place",
        ),
        sa.CheckConstraint("NOT isempty(period)", name="period_not_empty"),
        sa.Index("ix_child_period_child_id", "child_id"),
    )

    child_id: Mapped[int] = mapped_column(sa.ForeignKey("child.id"))
    kind: Mapped[Whereabouts] = mapped_column(Choice(Whereabouts))
    # From the first day; the end day not included, none while it lasts.
    period: Mapped[Range[date]] = mapped_column(DATERANGE)


class ChildSetting(Keyed, Versioned, Base):
    """School, daycare or handover: where, who may collect, what may be said, and how safe it is."""

    __tablename__ = "child_setting"
    __table_args__ = (one_of("kind", ChildSettingKind), sa.UniqueConstraint("child_id", "kind"))

    child_id: Mapped[int] = mapped_column(sa.ForeignKey("child.id"))
    kind: Mapped[ChildSettingKind] = mapped_column(Choice(ChildSettingKind))
    # Its name and where it is: revealed on demand only, logged before it is shown.
    place: Mapped[str | None] = mapped_column(
        Encrypted("child_setting.place", KeyKind.LOCATION, via=PLACE), deferred=True
    )
    may_collect: Mapped[str | None] = mapped_column(
        Encrypted("child_setting.may_collect", KeyKind.SUBJECT, via="child_id")
    )
    may_say: Mapped[str | None] = mapped_column(Encrypted("child_setting.may_say", KeyKind.SUBJECT, via="child_id"))
    # When it was told that the child is protected, and by whom of us.
    told_on: Mapped[date | None]
    told_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # The newest assessment of how safe the child is there.
    assessed_on: Mapped[date | None]
    assessed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    assessment: Mapped[str | None] = mapped_column(
        Encrypted("child_setting.assessment", KeyKind.SUBJECT, via="child_id")
    )


class FormerChildPlace(Keyed, Base):
    """Where a child went before: for the safety officer, for ninety days."""

    __tablename__ = "former_child_place"
    __table_args__ = (
        one_of("kind", ChildSettingKind),
        sa.Index("ix_former_child_place_child_id", "child_id"),
        sa.Index("ix_former_child_place_replaced_at", "replaced_at"),
    )

    child_id: Mapped[int] = mapped_column(sa.ForeignKey("child.id"))
    kind: Mapped[ChildSettingKind] = mapped_column(Choice(ChildSettingKind))
    place: Mapped[str | None] = mapped_column(
        Encrypted("former_child_place.place", KeyKind.LOCATION, via=PLACE), deferred=True
    )
    replaced_at: Mapped[datetime]


class ChildStep(Keyed, Base):
    """Something of the child's plan that has been done, on a day."""

    __tablename__ = "child_step"
    __table_args__ = (one_of("step", PlanStep), sa.UniqueConstraint("child_id", "step", "done_on"))

    child_id: Mapped[int] = mapped_column(sa.ForeignKey("child.id"))
    step: Mapped[PlanStep] = mapped_column(Choice(PlanStep))
    done_on: Mapped[date]
    noted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))


class ChildConsent(Keyed, Base):
    """An answer given on the child's behalf, or by the child. Never changed: the newest to a question counts."""

    __tablename__ = "child_consent"
    __table_args__ = (
        one_of("question", ConsentQuestion),
        one_of("given_by", ConsentGiver),
        sa.Index("ix_child_consent_child_id_question_id", "child_id", "question", "id"),
    )

    child_id: Mapped[int] = mapped_column(sa.ForeignKey("child.id"))
    question: Mapped[ConsentQuestion] = mapped_column(Choice(ConsentQuestion))
    is_yes: Mapped[bool]
    given_by: Mapped[ConsentGiver] = mapped_column(Choice(ConsentGiver))
    given_on: Mapped[date]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))


class NoteChild(Base):
    """Which children a note or contact is about; none: the family, or her."""

    __tablename__ = "note_child"
    __table_args__ = (sa.Index("ix_note_child_child_id", "child_id"),)

    note_id: Mapped[int] = mapped_column(sa.ForeignKey("note.id"), primary_key=True)
    child_id: Mapped[int] = mapped_column(sa.ForeignKey("child.id"), primary_key=True)
    # Whether somebody spoke with the child itself.
    was_spoken_with: Mapped[bool] = mapped_column(default=False)


class MeetingChild(Base):
    """Which children a meeting is about; none: the family, or her."""

    __tablename__ = "meeting_child"
    __table_args__ = (sa.Index("ix_meeting_child_child_id", "child_id"),)

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    child_id: Mapped[int] = mapped_column(sa.ForeignKey("child.id"), primary_key=True)
