"""She, and how she may be contacted safely. Everything that tells who she is is sealed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.kinds import ContactChannel, MayAnswer
from portal.core.protection import KeyKind
from portal.db import Base, Choice, Keyed, Versioned, one_of
from portal.vault import Encrypted


class Client(Keyed, Versioned, Base):
    """A person exposed to violence. May be anonymous: no column about who she is has to be filled."""

    __tablename__ = "client"

    name: Mapped[str | None] = mapped_column(Encrypted("client.name", KeyKind.SUBJECT, via=""))
    # Keyed indexes, a few bits each: exact look-up within what one may see. Several people share a value.
    # With whose index key they were made; empty before the first.
    index_organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    # The normalised name and the birth year.
    name_index: Mapped[bytes | None] = mapped_column(index=True)
    phone_index: Mapped[bytes | None] = mapped_column(index=True)
    # Revealed on demand only; stored only where the organisation may hold CPR numbers.
    cpr_number: Mapped[str | None] = mapped_column(
        Encrypted("client.cpr_number", KeyKind.SUBJECT, via=""), deferred=True
    )
    cpr_index: Mapped[bytes | None] = mapped_column(index=True)
    # The same in all organisations, never searched by anybody: finds that a woman who is referred has a case elsewhere.
    phone_cross_index: Mapped[bytes | None] = mapped_column(index=True)
    cpr_cross_index: Mapped[bytes | None] = mapped_column(index=True)
    birth_year: Mapped[int | None] = mapped_column(sa.SmallInteger)
    phone: Mapped[str | None] = mapped_column(Encrypted("client.phone", KeyKind.SUBJECT, via=""))
    # Revealed on demand only, logged before it is shown. No index.
    address: Mapped[str | None] = mapped_column(Encrypted("client.address", KeyKind.LOCATION, via=""), deferred=True)
    # 0 none, 1 name and address protection (lapses after a year), 2 special protection (no address is stored).
    protection_level: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    protection_until: Mapped[date | None]
    # The language she speaks best, and whether an interpreter is needed.
    language: Mapped[str | None]
    needs_interpreter: Mapped[bool] = mapped_column(default=False)
    # Whether she needs a place that can be reached without stairs: for a wheelchair, or because walking is hard.
    needs_accessible: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    __table_args__ = (
        sa.CheckConstraint("protection_level BETWEEN 0 AND 2", name="protection_level_known"),
        sa.CheckConstraint("protection_level < 2 OR address IS NULL", name="no_address_at_level_2"),
        sa.CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year_sane"),
    )


class SafeContactCard(Keyed, Base):
    """How she may be reached without danger. A new card replaces the old one; the newest counts."""

    __tablename__ = "safe_contact_card"
    __table_args__ = (sa.Index("ix_safe_contact_card_client_id_verified_at", "client_id", sa.text("verified_at DESC")),)

    client_id: Mapped[int] = mapped_column(sa.ForeignKey("client.id"))
    # Whether somebody else can read her telephone, mail box or e-ID.
    is_device_shared: Mapped[bool] = mapped_column(default=False)
    code_word: Mapped[str | None] = mapped_column(
        Encrypted("safe_contact_card.code_word", KeyKind.SUBJECT, via="client_id")
    )
    note: Mapped[str | None] = mapped_column(Encrypted("safe_contact_card.note", KeyKind.SUBJECT, via="client_id"))
    # Confirmed with her; stale after 30 days.
    verified_at: Mapped[datetime]
    verified_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))


class SafeContactWay(Base):
    """One way in which she may be reached, as a card says. A way without a row is a no; without any: not at all."""

    __tablename__ = "safe_contact_way"
    __table_args__ = (
        one_of("channel", ContactChannel),
        one_of("may_answer", MayAnswer),
        sa.CheckConstraint("days IN ('any', 'weekdays')", name="days_known"),
        sa.CheckConstraint("(from_hour IS NULL) = (to_hour IS NULL) AND from_hour < to_hour", name="hours_in_order"),
    )

    card_id: Mapped[int] = mapped_column(sa.ForeignKey("safe_contact_card.id"), primary_key=True)
    channel: Mapped[ContactChannel] = mapped_column(Choice(ContactChannel), primary_key=True)
    # "weekdays" or "any".
    days: Mapped[str]
    # Full hours, Danish time.
    from_hour: Mapped[int | None] = mapped_column(sa.SmallInteger)
    to_hour: Mapped[int | None] = mapped_column(sa.SmallInteger)
    # With whom one may speak who answers her telephone.
    may_answer: Mapped[MayAnswer] = mapped_column(Choice(MayAnswer), default=MayAnswer.HERSELF)
    may_leave_voicemail: Mapped[bool] = mapped_column(default=False)
    may_say_who_calls: Mapped[bool] = mapped_column(default=False)
    # As on the card: what is handed out to her tells old answers from new ones by it.
    verified_at: Mapped[datetime]
