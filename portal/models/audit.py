"""What was done and what was looked at. Append only: the database refuses change and removal."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.audit_tags import Audit, Page
from portal.core.enums import Role
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.protection import KeyKind
from portal.db import Base, Choice, one_of
from portal.vault import Encrypted


class AuditEntry(Base):
    """One change, by whom, in which role, about what. Never a value, never a name."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        one_of("role", Role),
        one_of("subject_type", SubjectType),
        sa.Index("ix_audit_entry_case_id_id", "case_id", sa.text("id DESC")),
        sa.Index("ix_audit_entry_organisation_id_id", "organisation_id", sa.text("id DESC")),
        sa.Index("ix_audit_entry_actor_id_id", "actor_id", sa.text("id DESC")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    # What the sealed reason is bound to; empty in lines from before there were data keys.
    public_id: Mapped[str | None] = mapped_column(sa.String(22), default=new_public_id)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    membership_id: Mapped[int | None] = mapped_column(sa.ForeignKey("membership.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    role: Mapped[Role] = mapped_column(Choice(Role))
    action: Mapped[Audit] = mapped_column(Choice(Audit))
    subject_type: Mapped[SubjectType] = mapped_column(Choice(SubjectType))
    subject_public_id: Mapped[str | None]
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("client_case.id"))
    # Names of changed fields, or of the field group that was shown.
    fields: Mapped[list[str]] = mapped_column(default=list)
    # Why, where a reason is asked for.
    reason: Mapped[str | None] = mapped_column(
        Encrypted("audit_entry.reason", KeyKind.ORGANISATION, via="organisation_id", otherwise="organisation_id")
    )
    request_id: Mapped[str | None]


class AccessEntry(Base):
    """One look at a case: who, in which relation to it, at which page."""

    __tablename__ = "access_entry"
    __table_args__ = (
        one_of("role", Role),
        sa.Index("ix_access_entry_case_id_id", "case_id", sa.text("id DESC")),
        sa.Index("ix_access_entry_user_id_id", "user_id", sa.text("id DESC")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    role: Mapped[Role] = mapped_column(Choice(Role))
    # The relation to the case by which it was allowed (`domain/disclosure.py`).
    relation: Mapped[str]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    # What was opened.
    page: Mapped[Page] = mapped_column(Choice(Page))
    request_id: Mapped[str | None]
