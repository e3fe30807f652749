"""What was done and what was looked at, in one table that only grows, chained line to line."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.audit_tags import Audit, EventKind, Outcome
from portal.core.enums import Role
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.core.protection import KeyKind
from portal.db import Base, Choice, one_of
from portal.vault import Encrypted, Unreadable
from portal.vault.envelope import unseal


class Reason(Encrypted):
    """A sealed reason. Reads also those from before reads and writes became one table, sealed for the old one."""

    cache_ok = True

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> str | None:
        try:
            return super().process_result_value(value, dialect)
        except Unreadable:
            return None if value is None else unseal(value, place="audit_entry.reason")


class AuditEvent(Base):
    """One line: who, in which role, did or saw what. Never a value, never a name.

    The database gives `seq`, `prev_hash`, `hash` and `sealed_at` when the transaction commits, refuses every other
    change and every removal, and keeps one chain for each organisation (migration 0007, R-481).
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        one_of("kind", EventKind),
        one_of("role", Role),
        one_of("subject_type", SubjectType),
        one_of("outcome", Outcome),
        sa.CheckConstraint("(kind = 'done') = (action IS NOT NULL)", name="done_names_action"),
        sa.CheckConstraint("(kind = 'seen') = (page IS NOT NULL)", name="seen_names_page"),
        sa.Index("uq_audit_event_chain_seq", "chain", "seq", unique=True),
        sa.Index("ix_audit_event_case_id_id", "case_id", sa.text("id DESC")),
        sa.Index("ix_audit_event_organisation_id_id", "organisation_id", sa.text("id DESC")),
        sa.Index("ix_audit_event_actor_id_id", "actor_id", sa.text("id DESC")),
        # How many cases somebody opens in a row is asked at every look, of the index alone.
        sa.Index(
            "ix_audit_event_actor_id_at_looks",
            "actor_id",
            "at",
            postgresql_include=["case_id"],
            postgresql_where=sa.text("page IS NOT NULL AND case_id IS NOT NULL"),
        ),
        # Lines come in the order of time: a few bytes for each stretch of the table are enough.
        sa.Index("ix_audit_event_at", "at", postgresql_using="brin", postgresql_with={"pages_per_range": 16}),
    )
    __mapper_args__ = {"polymorphic_on": "kind"}

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    kind: Mapped[EventKind] = mapped_column(Choice(EventKind))
    # What the sealed reason is bound to; empty in lines from before there were data keys.
    public_id: Mapped[str | None] = mapped_column(sa.String(22), default=new_public_id)
    # By the portal's clock; `sealed_at` is the database's.
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    membership_id: Mapped[int | None] = mapped_column(sa.ForeignKey("membership.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    role: Mapped[Role] = mapped_column(Choice(Role))
    # What the actor was to the case then (`domain/disclosure.py`), where it was asked.
    relation: Mapped[str | None]
    action: Mapped[Audit | None] = mapped_column(Choice(Audit))
    page: Mapped[Page | None] = mapped_column(Choice(Page))
    subject_type: Mapped[SubjectType] = mapped_column(Choice(SubjectType))
    subject_public_id: Mapped[str | None]
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("client_case.id"))
    # Names of changed fields, or of the field group that was shown.
    fields: Mapped[list[str]] = mapped_column(default=list)
    # How many rows a list showed or a search found.
    shown: Mapped[int | None]
    # Why, where a reason is asked for: a word of a closed list, and the sentence that she wrote.
    reason_category: Mapped[str | None]
    reason: Mapped[str | None] = mapped_column(
        Reason("audit_event.reason", KeyKind.ORGANISATION, via="organisation_id", otherwise="organisation_id")
    )
    outcome: Mapped[Outcome] = mapped_column(Choice(Outcome), default=Outcome.ALLOWED)
    # The rule that refused.
    rule: Mapped[str | None]
    request_id: Mapped[str | None]
    session: Mapped[str | None]
    device: Mapped[str | None]
    network: Mapped[str | None]
    # Which edition of the rule book decided.
    policy: Mapped[str | None]
    # The chain that the line belongs to: the actor's organisation, 0 for the portal itself.
    chain: Mapped[int] = mapped_column(sa.BigInteger, sa.Computed("COALESCE(organisation_id, 0)", persisted=True))
    seq: Mapped[int | None] = mapped_column(sa.BigInteger)
    prev_hash: Mapped[bytes | None]
    hash: Mapped[bytes | None]
    sealed_at: Mapped[datetime | None]


class AuditEntry(AuditEvent):
    """Something that was done, or that was tried and refused."""

    __mapper_args__: dict[str, Any] = {"polymorphic_identity": EventKind.DONE}


class AccessEntry(AuditEvent):
    """A look at a page of a case, or at a list."""

    __mapper_args__: dict[str, Any] = {"polymorphic_identity": EventKind.SEEN}


class AuditHead(Base):
    """The last line of each chain. Locked while a line is added, so that no chain can fork."""

    __tablename__ = "audit_head"

    chain: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[bytes]
    # The last line that a signed anchor outside the database vouches for.
    anchored_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    anchored_at: Mapped[datetime | None]
