"""How people prove who they are: second factors, recovery codes, codes read out by telephone, known devices."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.enums import Language, Role
from portal.core.protection import KeyKind
from portal.core.sign_in import Ceremony, CodePurpose, FactorKind
from portal.db import Base, Choice, Keyed, one_of
from portal.vault import Encrypted

OWNER = "user_account.id"


class Factor(Keyed, Base):
    """A passkey, or an app that shows codes. Gone at once when its owner takes it away."""

    __tablename__ = "factor"
    __table_args__ = (
        one_of("kind", FactorKind),
        sa.CheckConstraint("(kind = 'totp') = (secret IS NOT NULL)", name="secret_of_an_app"),
        sa.CheckConstraint("(kind = 'passkey') = (credential_id IS NOT NULL)", name="credential_of_a_passkey"),
        # One app in use, and one that is being set up.
        sa.Index(
            "uq_factor_app",
            "user_id",
            sa.text("(confirmed_at IS NULL)"),
            unique=True,
            postgresql_where=sa.text("kind = 'totp'"),
        ),
        sa.Index("ix_factor_user_id", "user_id"),
    )

    user_id: Mapped[int] = mapped_column(sa.ForeignKey(OWNER))
    kind: Mapped[FactorKind] = mapped_column(Choice(FactorKind))
    # What its owner calls it; shown to her alone.
    name: Mapped[str] = mapped_column(Encrypted("factor.name", KeyKind.SUBJECT, via="user_id"))
    # The app's secret; shown once, when it is set up.
    secret: Mapped[str | None] = mapped_column(Encrypted("factor.secret", KeyKind.SUBJECT, via="user_id"))
    # The last 30-second step whose code was taken: none is taken twice.
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    credential_id: Mapped[bytes | None] = mapped_column(unique=True)
    public_key: Mapped[bytes | None]
    # Counted by the passkey itself; one that goes back has been copied.
    sign_count: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    transports: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    # Empty while an app has been shown its secret and has not yet answered with a code.
    confirmed_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of ten codes for the day when the telephone is gone. Each opens once."""

    __tablename__ = "recovery_code"
    __table_args__ = (sa.UniqueConstraint("user_id", "locator"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(OWNER))
    # The first four characters, by which the row is found; the other sixteen are hashed.
    locator: Mapped[str] = mapped_column(sa.String(4))
    # Argon2id, library defaults.
    code_hash: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class HalfSignIn(Base):
    """Somebody who has given address and password and not yet the second proof. Not a session: it opens nothing."""

    __tablename__ = "half_sign_in"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    # Empty when address or password was wrong: that is told only together with the second proof.
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(OWNER))
    # The keyed index of the address that was typed, for counting attempts.
    email_index: Mapped[bytes]
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class PasskeyChallenge(Base):
    """A question that a passkey is to sign. Taken away when it is answered, rightly or wrongly."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (one_of("ceremony", Ceremony),)

    challenge: Mapped[bytes] = mapped_column(primary_key=True)
    ceremony: Mapped[Ceremony] = mapped_column(Choice(Ceremony))
    # Empty at sign-in, where nobody is known yet.
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(OWNER))
    ends_at: Mapped[datetime] = mapped_column(index=True)


class AccountCode(Keyed, Base):
    """A code that an administrator reads out by telephone: an invitation, a new password, lost factors."""

    __tablename__ = "account_code"
    __table_args__ = (
        one_of("purpose", CodePurpose),
        one_of("role", Role),
        one_of("language", Language),
        sa.CheckConstraint("(user_id IS NULL) = (role IS NOT NULL)", name="invites_or_concerns"),
        sa.CheckConstraint("confirmed_by_id <> created_by_id", name="two_people"),
        sa.CheckConstraint(
            "code_index IS NULL OR purpose <> 'factors' OR confirmed_by_id IS NOT NULL", name="second_person_first"
        ),
        sa.Index(
            "ix_account_code_email_index",
            "email_index",
            postgresql_where=sa.text("used_at IS NULL AND withdrawn_at IS NULL"),
        ),
        sa.Index("ix_account_code_organisation_id", "organisation_id", "id"),
    )

    purpose: Mapped[CodePurpose] = mapped_column(Choice(CodePurpose))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    # Whose account it is about; empty for an invitation, which makes or finds the account when it is answered.
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(OWNER))
    # What the inviter typed; shown at her organisation alone, so that she never learns who has an account already.
    role: Mapped[Role | None] = mapped_column(Choice(Role))
    name: Mapped[str | None] = mapped_column(
        Encrypted("account_code.name", KeyKind.ORGANISATION, via="organisation_id")
    )
    email: Mapped[str | None] = mapped_column(
        Encrypted("account_code.email", KeyKind.ORGANISATION, via="organisation_id")
    )
    language: Mapped[Language | None] = mapped_column(Choice(Language))
    # Keyed indexes: neither address nor code can be tried out on a copy of the database.
    email_index: Mapped[bytes]
    # Empty until a second person has confirmed, where two are needed.
    code_index: Mapped[bytes | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(OWNER))
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(OWNER))
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class CodeWish(Base):
    """Somebody says that she has forgotten her password. Known and unknown addresses leave the same row."""

    __tablename__ = "code_wish"

    email_index: Mapped[bytes] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    # When the administrators were told; asked again later it is empty again.
    told_at: Mapped[datetime | None]


class KnownDevice(Base):
    """A browser from which somebody has signed in before. The cookie holds a random token; here is its SHA-256."""

    __tablename__ = "known_device"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(OWNER), primary_key=True)
    seen_at: Mapped[datetime]
