"""Requests about own data, what was put together for them, erasures, and what must not be erased."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.rights import (
    Capacity,
    Delivery,
    ErasureBasis,
    Harm,
    IdentityCheck,
    RefusalGround,
    RightsKind,
    RightsState,
)
from portal.db import Base, Choice, Keyed, Versioned, one_of, relationship
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.users import User
from portal.vault import Encrypted, EncryptedJson

LIVE_REQUEST = "state IN ('received', 'in_work', 'waiting', 'granted')"


class RightsRequest(Keyed, Versioned, Base):
    """Somebody asks about her own or a child's data. Written down by the case's team, answered by the DPO."""

    __tablename__ = "rights_request"
    __table_args__ = (
        one_of("kind", RightsKind),
        one_of("state", RightsState),
        one_of("capacity", Capacity),
        one_of("identity_check", IdentityCheck),
        one_of("refusal_ground", RefusalGround),
        one_of("harm", Harm),
        one_of("delivery", Delivery),
        sa.CheckConstraint("(state = 'refused') = (refusal_ground IS NOT NULL)", name="refused_with_ground"),
        # Two people are two people: the second never is the one who took the work.
        sa.CheckConstraint("seconded_by_id <> taken_by_id", name="two_people"),
        sa.Index("ix_rights_request_organisation_id_due_on_id", "organisation_id", "due_on", "id"),
        sa.Index("ix_rights_request_case_id", "case_id"),
    )

    # The organisation that answers: the one that owns the case when it was asked.
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    # Filled for a child's dossier; emptied when the child has been erased.
    child_id: Mapped[int | None] = mapped_column(sa.ForeignKey("child.id"))
    kind: Mapped[RightsKind] = mapped_column(Choice(RightsKind))
    state: Mapped[RightsState] = mapped_column(Choice(RightsState), default=RightsState.RECEIVED)
    capacity: Mapped[Capacity] = mapped_column(Choice(Capacity))
    # Who asked, where it is not herself, and what exactly is asked for. For whoever answers.
    asked_by_note: Mapped[str | None] = mapped_column(Encrypted("rights_request.asked_by_note"))
    wishes: Mapped[str | None] = mapped_column(Encrypted("rights_request.wishes"))
    identity_check: Mapped[IdentityCheck] = mapped_column(Choice(IdentityCheck), default=IdentityCheck.NOT_YET)
    received_on: Mapped[date]
    # One month after, three with a reason; moved by nobody otherwise.
    due_on: Mapped[date]
    extension_reason: Mapped[str | None] = mapped_column(Encrypted("rights_request.extension_reason"))
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    # The first of the two people: who works on it.
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    taken_at: Mapped[datetime | None]
    # What may come of handing out a child's dossier, as judged by the first.
    harm: Mapped[Harm | None] = mapped_column(Choice(Harm))
    harm_reason: Mapped[str | None] = mapped_column(Encrypted("rights_request.harm_reason"))
    # Earlier judgements with their reasons, a line each: whoever is second sees what was changed.
    harm_before: Mapped[str | None] = mapped_column(Encrypted("rights_request.harm_before"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decision_reason: Mapped[str | None] = mapped_column(Encrypted("rights_request.decision_reason"))
    refusal_ground: Mapped[RefusalGround | None] = mapped_column(Choice(RefusalGround))
    # The second of the two people, in a session of her own.
    seconded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    seconded_at: Mapped[datetime | None]
    # What the second person wants changed, the last time she sent it back.
    return_reason: Mapped[str | None] = mapped_column(Encrypted("rights_request.return_reason"))
    delivery: Mapped[Delivery | None] = mapped_column(Choice(Delivery))
    closed_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    child: Mapped[Child | None] = relationship()
    taken_by: Mapped[User | None] = relationship(foreign_keys=[taken_by_id])


class SubjectExport(Keyed, Base):
    """A file that was put together for a request: sealed until it is fetched once, gone after seven days."""

    __tablename__ = "subject_export"
    __table_args__ = (sa.Index("ix_subject_export_open", "built_at", postgresql_where=sa.text("deleted_at IS NULL")),)

    request_id: Mapped[int] = mapped_column(sa.ForeignKey("rights_request.id"), index=True)
    # The zip as base64.
    content: Mapped[str | None] = mapped_column(Encrypted("subject_export.content", via="request_id.case_id"))
    built_at: Mapped[datetime]
    built_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    fetched_at: Mapped[datetime | None]
    fetched_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    deleted_at: Mapped[datetime | None]


class DossierText(Keyed, Versioned, Base):
    """One text of a child's dossier as it stood when the work began, and what of it is struck out."""

    __tablename__ = "dossier_text"
    __table_args__ = (sa.UniqueConstraint("request_id", "number"),)

    request_id: Mapped[int] = mapped_column(sa.ForeignKey("rights_request.id"))
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    # "table.column" that it came from.
    source: Mapped[str]
    text: Mapped[str] = mapped_column(Encrypted("dossier_text.text", via="request_id.case_id"))
    # Stretches struck out: start, end, kind, and who wants one shown after all (`domain/redaction.py`).
    spans: Mapped[list[dict[str, Any]]] = mapped_column(EncryptedJson("dossier_text.spans", via="request_id.case_id"))


class LegalHold(Keyed, Base):
    """Nothing of a case is erased while one is in force. It widens nobody's sight (modifier M8)."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        sa.Index("uq_legal_hold_live", "case_id", unique=True, postgresql_where=sa.text("lifted_at IS NULL")),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_by_somebody"),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    reason: Mapped[str | None] = mapped_column(Encrypted("legal_hold.reason"))
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    lift_reason: Mapped[str | None] = mapped_column(Encrypted("legal_hold.lift_reason"))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    case: Mapped[Case] = relationship()


class Erasure(Keyed, Base):
    """That somebody was erased, and that it was checked. Says nothing about whom: only a keyed hash."""

    __tablename__ = "erasure"
    __table_args__ = (one_of("basis", ErasureBasis),)

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    # Keyed hash of the subject's public id: lets a restored system find who must be erased again.
    subject_hash: Mapped[bytes] = mapped_column(index=True)
    basis: Mapped[ErasureBasis] = mapped_column(Choice(ErasureBasis))
    at: Mapped[datetime]
    # Empty where time decided.
    first_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    second_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    rows_deleted: Mapped[int]
    rows_blanked: Mapped[int]
    # When it was looked whether anything was left, and how much was.
    verified_at: Mapped[datetime | None]
    left_over: Mapped[int | None]
