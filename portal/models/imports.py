"""Cases that come from a spreadsheet: the rows until they are in, how the columns were read, and by what number."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.imports import ImportState
from portal.core.protection import KeyKind
from portal.db import Base, Choice, Keyed, Versioned, one_of
from portal.vault import Encrypted, EncryptedJson


def _own(place: str) -> EncryptedJson:
    """Sealed for the house: the rows belong to no case until they have become one."""
    return EncryptedJson(place, KeyKind.ORGANISATION, via="organisation_id")


class CaseImport(Keyed, Versioned, Base):
    """One file. Its rows are kept sealed until they are in, for seven days at the most."""

    __tablename__ = "case_import"
    __table_args__ = (
        one_of("state", ImportState),
        sa.Index("ix_case_import_made_by_id_id", "made_by_id", sa.text("id DESC")),
        sa.Index("ix_case_import_organisation_id_finished_at", "organisation_id", "finished_at"),
        sa.Index("ix_case_import_waiting", "id", postgresql_where=sa.text("state IN ('queued', 'running')")),
        sa.Index("ix_case_import_ends_at", "ends_at", postgresql_where=sa.text("content IS NOT NULL")),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    # Whoever handed it in, by the role in which she acts.
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"))
    state: Mapped[ImportState] = mapped_column(Choice(ImportState))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    row_count: Mapped[int]
    # Headings and rows as they were read; nothing once they are in.
    content: Mapped[dict[str, Any] | None] = mapped_column(_own("case_import.content"), deferred=True)
    # What each column is, a value of `ImportField`, or empty where it is not read.
    fields: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    # What the check found: row numbers, fields and sentences, no values.
    findings: Mapped[dict[str, Any] | None] = mapped_column(_own("case_import.findings"), deferred=True)
    new_count: Mapped[int] = mapped_column(default=0, server_default="0")
    alike_count: Mapped[int] = mapped_column(default=0, server_default="0")
    here_count: Mapped[int] = mapped_column(default=0, server_default="0")
    differs_count: Mapped[int] = mapped_column(default=0, server_default="0")
    wrong_count: Mapped[int] = mapped_column(default=0, server_default="0")
    # Whether rows that look like a case of hers are opened all the same.
    with_alike: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # How far it is, and how many cases it opened in the end.
    done_count: Mapped[int] = mapped_column(default=0, server_default="0")
    # The run at work, and until when it is believed to live.
    attempt_id: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class ImportLayout(Keyed, Base):
    """How a house's columns were read the last time, by heading."""

    __tablename__ = "import_layout"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), unique=True)
    fields: Mapped[dict[str, str]] = mapped_column(_own("import_layout.fields"))


class ImportKey(Keyed, Base):
    """The number that a house gave a case before it came here: by it nobody comes in twice."""

    __tablename__ = "import_key"
    __table_args__ = (
        sa.Index("uq_import_key_organisation_id_number_index", "organisation_id", "number_index", unique=True),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"), index=True)
    own_number: Mapped[str] = mapped_column(Encrypted("import_key.own_number"))
    number_index: Mapped[bytes]
    # A fingerprint of each cell as it came, to tell what differs later without keeping it twice.
    fingerprints: Mapped[dict[str, str]] = mapped_column(EncryptedJson("import_key.fingerprints"))
