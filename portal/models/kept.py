"""What somebody had typed when her session ended."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.protection import KeyKind
from portal.db import Base, Keyed
from portal.vault import EncryptedJson


class KeptForm(Keyed, Base):
    """A form that could not be sent any more. Shown to nobody but its writer, gone after use or a day (R-556)."""

    __tablename__ = "kept_form"
    __table_args__ = (sa.Index("ix_kept_form_membership_id_kept_at", "membership_id", "kept_at"),)

    # Who wrote it, and in which role: what is written in one role is not shown in another.
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    membership_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"))
    # The address to which the form leads: random ids only.
    action: Mapped[str]
    # The page it stood on and the values of its fields, without those that are never kept.
    content: Mapped[dict[str, object]] = mapped_column(
        EncryptedJson("kept_form.content", KeyKind.SUBJECT, via="user_id")
    )
    kept_at: Mapped[datetime] = mapped_column(index=True)
