"""Signing in through a municipality's own identity provider."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.people import Assurance
from portal.core.protection import KeyKind
from portal.db import Base, Choice, Keyed, one_of, relationship
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.vault import Encrypted


class IdentityProvider(Keyed, Base):
    """The one provider of an organisation, entered by the operator on the command line."""

    __tablename__ = "identity_provider"
    __table_args__ = (one_of("assurance", Assurance),)

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), unique=True)
    # The only place that the portal's server ever asks; https outside tests and a desk.
    issuer: Mapped[str]
    client_id: Mapped[str]
    client_secret: Mapped[str] = mapped_column(
        Encrypted("identity_provider.client_secret", KeyKind.ORGANISATION, via="organisation_id")
    )
    # The weakest level that is let in; never below substantial.
    assurance: Mapped[Assurance] = mapped_column(Choice(Assurance), default=Assurance.SUBSTANTIAL)
    # Shown to those who choose, such as "aarhus.dk"; decides nothing.
    email_domain: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    set_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()


class LinkedIdentity(Keyed, Base):
    """Whom a provider means by one of its subjects. Keyed by issuer and subject, never by an e-mail address."""

    __tablename__ = "linked_identity"
    __table_args__ = (
        sa.UniqueConstraint("issuer", "subject"),
        sa.UniqueConstraint("provider_id", "user_id"),
    )

    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("identity_provider.id"))
    issuer: Mapped[str]
    # The provider's own name for a person: a random value, still nobody's business.
    subject: Mapped[str]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    linked_at: Mapped[datetime]

    user: Mapped[User] = relationship()


class LinkCode(Base):
    """A code by which an administrator lets one person link her account, once. Only its hash is here."""

    __tablename__ = "link_code"
    __table_args__ = (sa.Index("ix_link_code_user_id", "user_id"),)

    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UsedState(Base):
    """A journey to a provider that has come back: it comes back once."""

    __tablename__ = "used_state"

    state_hash: Mapped[bytes] = mapped_column(primary_key=True)
    used_at: Mapped[datetime] = mapped_column(index=True)
