"""The key store: wrapped keys, and the proof that some were destroyed.

Nothing here points at another table, so that it can be kept and backed up on its own, for a shorter time than the data.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.protection import KeyKind
from portal.db import Base, Choice, Keyed, one_of


class StoredOrganisationKey(Base):
    """The key of one organisation, wrapped by a root key. Only one is not retired."""

    __tablename__ = "organisation_key"
    __table_args__ = (
        sa.Index(
            "uq_organisation_key_current",
            sa.text("coalesce(organisation_id, 0)"),
            unique=True,
            postgresql_where=sa.text("retired_at IS NULL"),
        ),
    )

    # Drawn at random, see `vault/keys.py`.
    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    # Empty: the platform's own.
    organisation_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    # Which root key is around it.
    root: Mapped[int] = mapped_column(sa.SmallInteger)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    # From this moment it wraps nothing new, and what it wraps is being wrapped anew.
    retired_at: Mapped[datetime | None]


class StoredDataKey(Base):
    """The key of one person, place, case or organisation, wrapped by an organisation's key."""

    __tablename__ = "data_key"
    __table_args__ = (
        one_of("kind", KeyKind),
        sa.Index("uq_data_key_current", "kind", "owner", unique=True, postgresql_where=sa.text("retired_at IS NULL")),
        sa.Index("ix_data_key_organisation_key_id", "organisation_key_id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[KeyKind] = mapped_column(Choice(KeyKind))
    # The public id of whoever it belongs to; "platform" for the platform's own.
    owner: Mapped[str]
    organisation_key_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation_key.id"))
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    # From this moment it seals nothing new, and what it sealed is being sealed anew.
    retired_at: Mapped[datetime | None]


class ErasureProof(Keyed, Base):
    """That the keys of somebody were destroyed: when, on which basis, how many. Never who."""

    __tablename__ = "erasure_proof"

    # A keyed hash of the subject: whoever knows the id can check, nobody can list.
    subject_hash: Mapped[bytes] = mapped_column(index=True)
    # On which legal or other ground, in the words of whoever decided.
    basis: Mapped[str]
    keys_destroyed: Mapped[int]
    indexes_removed: Mapped[int]
    values_unreadable: Mapped[int]
    erased_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
