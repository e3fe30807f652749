"""People who sign in, what they are at which organisation, and their sessions."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.enums import Language, Role
from portal.core.people import Suspension
from portal.core.protection import KeyKind
from portal.core.sign_in import Browser, Proof
from portal.db import Base, Choice, Keyed, one_of, relationship
from portal.models.organisations import Organisation
from portal.vault import Encrypted


class User(Keyed, Base):
    """One person who signs in. Staff and volunteers; never the woman herself."""

    __tablename__ = "user_account"
    __table_args__ = (one_of("language", Language),)

    # Shown to colleagues on shared work; volunteers' names to coordinators only.
    name: Mapped[str] = mapped_column(Encrypted("user_account.name", KeyKind.SUBJECT, via=""))
    # The address for hints by mail; read at sending, never shown in lists.
    email: Mapped[str] = mapped_column(Encrypted("user_account.email", KeyKind.SUBJECT, via=""))
    # Keyed index of the lower-case address: finds the account at sign-in.
    email_index: Mapped[bytes] = mapped_column(unique=True)
    # Argon2id, library defaults.
    password_hash: Mapped[str]
    language: Mapped[Language] = mapped_column(Choice(Language), default=Language.DANISH)
    # False ends every session at its next request.
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    # Keyed index of the address without what follows a plus: a second account does not make a second person.
    person_index: Mapped[bytes | None] = mapped_column(index=True)
    # When she last signed in, whatever has become of the session.
    signed_in_at: Mapped[datetime | None]
    # The time before that: what others have done since is told on her day.
    signed_in_before_at: Mapped[datetime | None]


class Membership(Keyed, Base):
    """What a person is at an organisation. One is in use at a time; permissions never add up."""

    __tablename__ = "membership"
    __table_args__ = (
        one_of("role", Role),
        one_of("suspended_for", Suspension),
        sa.CheckConstraint("(suspended_at IS NULL) = (suspended_for IS NULL)", name="suspended_for_a_reason"),
        sa.Index(
            "uq_membership_live",
            "user_id",
            "organisation_id",
            "role",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_membership_organisation_id_role", "organisation_id", "role"),
    )

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    role: Mapped[Role] = mapped_column(Choice(Role))
    given_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    # From this moment nothing is permitted any more.
    ended_at: Mapped[datetime | None]
    # When a lead or administrator last said that she still works here in this role.
    attested_at: Mapped[datetime | None]
    # While this is set nothing is permitted; an administrator wakes the role.
    suspended_at: Mapped[datetime | None]
    suspended_for: Mapped[Suspension | None] = mapped_column(Choice(Suspension))
    woken_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()

    @hybrid_property
    def is_live(self) -> bool:
        """Something is permitted: not ended, and not asleep. Whoever is told of something, or chosen, is live."""
        return self.ended_at is None and self.suspended_at is None

    @is_live.inplace.expression
    @classmethod
    def _is_live(cls) -> sa.ColumnElement[bool]:
        return sa.and_(cls.ended_at.is_(None), cls.suspended_at.is_(None))


class UserSession(Base):
    """A signed-in browser. The cookie holds a random token; here is only its SHA-256."""

    __tablename__ = "user_session"
    __table_args__ = (one_of("proof", Proof), one_of("browser", Browser))

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    # The short random value that names this session in the list of devices.
    public_id: Mapped[str] = mapped_column(sa.String(22), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    membership_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"))
    created_at: Mapped[datetime]
    # Moved at most once a minute.
    seen_at: Mapped[datetime]
    # The absolute end, whatever happens.
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    # When she last proved who she is, for what asks for it anew.
    stepped_up_at: Mapped[datetime | None]
    # With what she proved it: some roles ask for a passkey.
    proof: Mapped[Proof] = mapped_column(Choice(Proof), default=Proof.PASSWORD, server_default=Proof.PASSWORD)
    browser: Mapped[Browser] = mapped_column(Choice(Browser), default=Browser.OTHER, server_default=Browser.OTHER)


class RateCounter(Base):
    """Counted attempts, shared by all web processes."""

    __tablename__ = "rate_counter"

    key: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[datetime]


class Submission(Base):
    """A form that has been taken in: the same key a second time is answered, not done again."""

    __tablename__ = "submission"

    key: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    # The endpoint and a digest of what was sent: a key used for other content is refused.
    digest: Mapped[bytes]
    # Where the first answer sent the browser.
    location: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
