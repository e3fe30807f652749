"""Municipalities that people sign in through, and whom a provider means."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from portal.core.errors import NotFound
from portal.db import db
from portal.models.identity import IdentityProvider, LinkedIdentity
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.oidc import Provider


def list_providers() -> Sequence[tuple[str, str, str | None]]:
    """Municipalities with a sign-in of their own, as (public id, name, e-mail domain); no other organisation."""
    rows = db.session.execute(
        sa.select(IdentityProvider.public_id, Organisation.name, IdentityProvider.email_domain)
        .join(Organisation, Organisation.id == IdentityProvider.organisation_id)
        .where(IdentityProvider.is_active, Organisation.is_active)
        .order_by(Organisation.name)
        .limit(200)
    )
    return [(public_id, name, domain) for public_id, name, domain in rows]


def get_provider(public_id: str) -> IdentityProvider:
    """A provider that is in use. Raises NotFound."""
    found = db.session.scalar(
        sa.select(IdentityProvider)
        .join(IdentityProvider.organisation)
        .options(contains_eager(IdentityProvider.organisation))
        .where(IdentityProvider.public_id == public_id, IdentityProvider.is_active, Organisation.is_active)
    )
    if found is None:
        raise NotFound
    return found


def to_ask(public_id: str) -> Provider:
    """What is needed to ask a provider who somebody is. Raises NotFound."""
    found = get_provider(public_id)
    return Provider(found.issuer, found.client_id, found.client_secret)


def has_provider(organisation_id: int) -> bool:
    """Whether an organisation has a sign-in of its own."""
    exists = sa.exists().where(IdentityProvider.organisation_id == organisation_id, IdentityProvider.is_active)
    return bool(db.session.scalar(sa.select(exists)))


def find_linked(issuer: str, subject: str) -> User | None:
    """Whom a provider means by a subject (R-469: by issuer and subject, never by an address)."""
    return db.session.scalar(
        sa.select(User)
        .join(LinkedIdentity, LinkedIdentity.user_id == User.id)
        .where(LinkedIdentity.issuer == issuer, LinkedIdentity.subject == subject)
    )


def find_membership(user_id: int, organisation_id: int) -> Membership | None:
    """The first role that somebody has at the municipality that vouches for her, when account and role are open."""
    return db.session.scalar(
        sa.select(Membership)
        .join(User, User.id == Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.user_id == user_id,
            Membership.organisation_id == organisation_id,
            Membership.is_live,
            User.is_active,
            Organisation.is_active,
        )
        .order_by(Membership.id)
        .limit(1)
    )
