"""Documents of a case: letters, decisions, pictures, and what was made here and sent on."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.enums import Language
from portal.core.papers import Media, PaperKind, PaperState, PassingBasis
from portal.db import Base, Choice, Keyed, Versioned, one_of
from portal.vault import Encrypted, EncryptedJson


class CaseDocument(Keyed, Versioned, Base):
    """One file. Journalised with its own day and the day it came in, and a short theme."""

    __tablename__ = "case_document"
    __table_args__ = (
        one_of("kind", PaperKind),
        one_of("state", PaperState),
        one_of("media", Media),
        one_of("basis", PassingBasis),
        sa.CheckConstraint("(recipient_organisation_id IS NULL) = (basis IS NULL)", name="sent_by_a_basis"),
        sa.Index("ix_case_document_case_id_dated_on_id", "case_id", sa.text("dated_on DESC"), sa.text("id DESC")),
        sa.Index("ix_case_document_waiting", "id", postgresql_where=sa.text("state = 'waiting'")),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    # Filled where the people of this course may read it beside the team.
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind: Mapped[PaperKind] = mapped_column(Choice(PaperKind))
    state: Mapped[PaperState] = mapped_column(Choice(PaperState))
    # What the file is; empty where nothing could be read of it.
    media: Mapped[Media | None] = mapped_column(Choice(Media))
    size: Mapped[int]
    # The day of the document itself, and when it was put here.
    dated_on: Mapped[date]
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # What it is about, in a few words. The name of the file is not kept.
    theme: Mapped[str | None] = mapped_column(Encrypted("case_document.theme"))
    # The file, as base64 letters; read only when it is asked for.
    content: Mapped[str | None] = mapped_column(Encrypted("case_document.content"), deferred=True)
    # A fingerprint of what was handed in, to tell the same file twice.
    digest: Mapped[str | None] = mapped_column(Encrypted("case_document.digest"), deferred=True)
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    removal_reason: Mapped[str | None] = mapped_column(Encrypted("case_document.removal_reason"))
    # Of what was sent on: to whom, and by what.
    recipient_organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    basis: Mapped[PassingBasis | None] = mapped_column(Choice(PassingBasis))


class PassingDraft(Keyed, Versioned, Base):
    """A handover under way: its texts as they stood, and what is struck of them. Gone when it is made or dropped."""

    __tablename__ = "passing_draft"
    __table_args__ = (
        one_of("basis", PassingBasis),
        one_of("language", Language),
        sa.Index("uq_passing_draft_case_id_begun_by_id", "case_id", "begun_by_id", unique=True),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    recipient_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    language: Mapped[Language] = mapped_column(Choice(Language))
    basis: Mapped[PassingBasis] = mapped_column(Choice(PassingBasis))
    # Why, where it is not by consent.
    reason: Mapped[str | None] = mapped_column(Encrypted("passing_draft.reason"))
    sections: Mapped[list[str]]
    # One entry a text: its section, its head, the text, and the stretches of it that are struck or kept.
    texts: Mapped[list[dict[str, Any]] | None] = mapped_column(EncryptedJson("passing_draft.texts"))
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
