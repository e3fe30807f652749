"""Contacts with other parties about a case: authorities, her network, associations."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.contacts import ContactDirection, Party, PartyChannel, ShareBasis
from portal.db import Base, Choice, Keyed, one_of, relationship
from portal.models.users import User
from portal.vault import Encrypted


class OutsideContact(Keyed, Base):
    """One contact with another party. Never edited; what was wrong is put right by a note."""

    __tablename__ = "outside_contact"
    __table_args__ = (
        one_of("direction", ContactDirection),
        one_of("channel", PartyChannel),
        one_of("party", Party),
        one_of("basis", ShareBasis),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes_sane"),
        sa.CheckConstraint("cardinality(themes) > 0", name="about_something"),
        sa.Index(
            "ix_outside_contact_case_id_happened_at_id", "case_id", sa.text("happened_at DESC"), sa.text("id DESC")
        ),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("client_case.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    # When it happened and when it was written: the duty to note asks for both.
    happened_at: Mapped[datetime]
    written_at: Mapped[datetime]
    direction: Mapped[ContactDirection] = mapped_column(Choice(ContactDirection))
    channel: Mapped[PartyChannel] = mapped_column(Choice(PartyChannel))
    party: Mapped[Party] = mapped_column(Choice(Party))
    # With whom there, as far as it must be remembered.
    party_name: Mapped[str | None] = mapped_column(Encrypted("outside_contact.party_name"))
    # Values of `ContactTheme`, and the version of the lists from which party, themes and basis were chosen.
    themes: Mapped[list[str]] = mapped_column(default=list)
    codes_version: Mapped[int] = mapped_column(sa.SmallInteger)
    # Whether something about her was told, and on what ground.
    basis: Mapped[ShareBasis] = mapped_column(Choice(ShareBasis))
    minutes: Mapped[int | None] = mapped_column(sa.SmallInteger)
    text: Mapped[str | None] = mapped_column(Encrypted("outside_contact.text"))

    author: Mapped[User] = relationship()
