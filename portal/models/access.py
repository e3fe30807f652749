"""Who is kept out of a case, whom we watch for, and who opened a case in an emergency."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.protection import KeyKind
from portal.core.safety import BreakGlassReason, HitState, Verdict, WatchedRelation
from portal.db import Base, Choice, Keyed, one_of, relationship
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.vault import Encrypted


class CaseAccess(Base):
    """One row a case, changed by everything that changes who may see it.

    A disclosure on demand holds the row while it decides, writes its line and reads: a block that was committed
    first always wins (security rule AC-6).
    """

    __tablename__ = "case_access"

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class CaseBlock(Keyed, Base):
    """One account or one whole organisation that must never see a case. Beats every role, also in an emergency."""

    __tablename__ = "case_block"
    __table_args__ = (
        sa.CheckConstraint("(user_id IS NULL) <> (organisation_id IS NULL)", name="one_target"),
        sa.Index("ix_case_block_case_id_user_id", "case_id", "user_id", postgresql_where=sa.text("ended_at IS NULL")),
        sa.Index(
            "uq_case_block_user",
            "user_id",
            "case_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL AND user_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_case_block_organisation",
            "organisation_id",
            "case_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL AND organisation_id IS NOT NULL"),
        ),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    # As the team wrote it, whoever's it is.
    email: Mapped[str | None] = mapped_column(Encrypted("case_block.email"))
    reason: Mapped[str | None] = mapped_column(Encrypted("case_block.reason"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # Lifting asks for the safety officer and somebody on the case's team.
    lift_asked_at: Mapped[datetime | None]
    lift_asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    case: Mapped[Case] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    organisation: Mapped[Organisation | None] = relationship()


class WatchedPerson(Keyed, Base):
    """Somebody without an account who must never get one that leads to this case. Matched, never searched."""

    __tablename__ = "watched_person"
    __table_args__ = (
        one_of("relation", WatchedRelation),
        *(
            sa.Index(f"ix_watched_person_{column}", column, postgresql_where=sa.text("ended_at IS NULL"))
            for column in ("name_index", "email_index")
        ),
        sa.Index("ix_watched_person_case_id", "case_id"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    relation: Mapped[WatchedRelation] = mapped_column(Choice(WatchedRelation))
    name: Mapped[str | None] = mapped_column(Encrypted("watched_person.name"))
    phone: Mapped[str | None] = mapped_column(Encrypted("watched_person.phone"))
    email: Mapped[str | None] = mapped_column(Encrypted("watched_person.email"))
    reason: Mapped[str | None] = mapped_column(Encrypted("watched_person.reason"))
    # Keyed indexes across all organisations: equal for the same person wherever he turns up. The telephone's tells
    # only whether he stands there already.
    name_index: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    email_index: Mapped[bytes | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # Taking off asks for two, as lifting a block does.
    lift_asked_at: Mapped[datetime | None]
    lift_asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    case: Mapped[Case] = relationship()


class WatchHit(Keyed, Base):
    """An account that matches somebody on the watch list. For safety officers alone."""

    __tablename__ = "watch_hit"
    __table_args__ = (
        one_of("state", HitState),
        sa.UniqueConstraint("watched_person_id", "user_id"),
        sa.Index("ix_watch_hit_user_id", "user_id"),
    )

    watched_person_id: Mapped[int] = mapped_column(sa.ForeignKey("watched_person.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # By what they were met: values of `WatchMatch`.
    matched_by: Mapped[list[str]] = mapped_column(default=list)
    found_at: Mapped[datetime]
    # When the officers were told: never in the request that found it.
    told_at: Mapped[datetime | None]
    state: Mapped[HitState] = mapped_column(Choice(HitState), default=HitState.OPEN)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    watched: Mapped[WatchedPerson] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class BreakGlass(Keyed, Base):
    """One emergency access: one person, one case, sixty minutes by the database's clock."""

    __tablename__ = "break_glass"
    __table_args__ = (
        one_of("category", BreakGlassReason),
        one_of("verdict", Verdict),
        sa.CheckConstraint("ends_at > started_at", name="ends_after_start"),
        sa.CheckConstraint("(reviewed_at IS NULL) = (verdict IS NULL)", name="reviewed_with_verdict"),
        sa.Index("ix_break_glass_user_id_started_at", "user_id", "started_at"),
        sa.Index("ix_break_glass_case_id_ends_at", "case_id", "ends_at"),
        sa.Index("ix_break_glass_open", "organisation_id", "id", postgresql_where=sa.text("reviewed_at IS NULL")),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    category: Mapped[BreakGlassReason] = mapped_column(Choice(BreakGlassReason))
    reason: Mapped[str] = mapped_column(Encrypted("break_glass.reason"))
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    # Ended by the person before the hour was over.
    ended_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    verdict: Mapped[Verdict | None] = mapped_column(Choice(Verdict))
    remark: Mapped[str | None] = mapped_column(Encrypted("break_glass.remark"))

    case: Mapped[Case] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class RevealAllowance(Keyed, Base):
    """More reveals a day for one person, for a week at most: given by the safety officer, with a reason."""

    __tablename__ = "reveal_allowance"
    __table_args__ = (
        sa.CheckConstraint("a_day BETWEEN 1 AND 30", name="a_day_sane"),
        sa.Index("ix_reveal_allowance_user_id_until", "user_id", "until"),
    )

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    a_day: Mapped[int] = mapped_column(sa.SmallInteger)
    until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Encrypted("reveal_allowance.reason", KeyKind.SUBJECT, via="user_id"))
    given_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    given_at: Mapped[datetime]


class ProtectionChange(Keyed, Base):
    """Lower protection asked for: agreed by the safety officer and somebody of the team, in force a day later."""

    __tablename__ = "protection_change"
    __table_args__ = (
        sa.CheckConstraint("to_level BETWEEN 0 AND 1", name="to_level_lower"),
        sa.CheckConstraint("agreed_by_id IS NULL OR agreed_by_id <> asked_by_id", name="two_people"),
        sa.Index("uq_protection_change_open", "case_id", unique=True, postgresql_where=sa.text("closed_at IS NULL")),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    to_level: Mapped[int] = mapped_column(sa.SmallInteger)
    reason: Mapped[str] = mapped_column(Encrypted("protection_change.reason"))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # Carried out, or taken back before it was.
    closed_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()


class FormerAddress(Keyed, Base):
    """Where she lived before: for the safety officer, on demand, for ninety days."""

    __tablename__ = "former_address"
    __table_args__ = (sa.Index("ix_former_address_client_id", "client_id"),)

    client_id: Mapped[int] = mapped_column(sa.ForeignKey("client.id"))
    address: Mapped[str | None] = mapped_column(Encrypted("former_address.address", KeyKind.LOCATION, via="client_id"))
    replaced_at: Mapped[datetime]
