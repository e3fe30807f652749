"""Signing in through a municipality: set up, linked once with a code, and opened like any other session."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from portal import oidc
from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.enums import OrganisationKind, Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.people import Assurance, SignInProblem
from portal.core.sign_in import Proof
from portal.db import db
from portal.domain.identity import CODE_LASTS, LOWEST, ORDER, is_sure_enough
from portal.domain.permissions import require
from portal.models.identity import IdentityProvider, LinkCode, LinkedIdentity, UsedState
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.queries import identity as queries
from portal.queries.users import get_member
from portal.services import accounts, audit

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator enters of a municipality's provider."""

    provider: oidc.Provider
    assurance: Assurance
    email_domain: str | None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody whom a provider vouches for and the portal does not know yet. The address is kept as its index."""

    issuer: str
    subject: str
    email_index: bytes | None


def set_up(organisation: Organisation, settings: Settings, *, actor: Actor, now: datetime) -> None:
    """Take down a municipality's provider, or change it. Raises Invalid for what is no municipality or not safe."""
    if organisation.kind is not OrganisationKind.MUNICIPALITY:
        raise Invalid(_("Only a municipality has a sign-in of its own."))
    if not oidc.is_safe(settings.provider.issuer):
        raise Invalid(_("The issuer must be an https address."), field="issuer")
    if ORDER.index(settings.assurance) < ORDER.index(LOWEST):
        raise Invalid(_("The level must be substantial or high."), field="assurance")
    held = sa.select(IdentityProvider).where(IdentityProvider.organisation_id == organisation.id)
    row = db.session.scalar(held.with_for_update()) or IdentityProvider(organisation_id=organisation.id)
    if row.issuer and row.issuer != settings.provider.issuer:
        # Another issuer means other people by its subjects.
        db.session.execute(sa.delete(LinkedIdentity).where(LinkedIdentity.provider_id == row.id))
    row.issuer, row.client_id = settings.provider.issuer, settings.provider.client_id
    row.client_secret = settings.provider.client_secret
    row.assurance, row.email_domain, row.is_active = settings.assurance, settings.email_domain, settings.is_active
    row.set_at = now
    db.session.add(row)
    db.session.flush()
    audit.record(Audit.PROVIDER_SET, SubjectType.ORGANISATION, organisation.public_id, actor=actor, now=now)


def give_code(public_id: str, *, actor: Actor, now: datetime) -> str:
    """A code by which one person of the own organisation links her account, once, within three days (R-469).

    Returned once, to be read out to her; only its hash stays. Raises Forbidden, NotFound, NotNow without a provider.
    """
    require(actor, Permission.USER_MANAGE)
    membership, user = get_member(actor, public_id)
    if not queries.has_provider(membership.organisation_id):
        raise NotNow(_("Your organisation has no sign-in of its own."))
    db.session.execute(
        sa.delete(LinkCode).where(
            LinkCode.user_id == user.id,
            LinkCode.organisation_id == membership.organisation_id,
            LinkCode.used_at.is_(None),
        )
    )
    code = "-".join("".join(secrets.choice(LETTERS) for _sign in range(4)) for _group in range(4))
    db.session.add(
        LinkCode(
            code_hash=_hash(code),
            user_id=user.id,
            organisation_id=membership.organisation_id,
            made_at=now,
            made_by_id=actor.user_id,
            ends_at=now + CODE_LASTS,
        )
    )
    audit.record(Audit.LINK_CODE_GIVEN, SubjectType.USER, membership.public_id, actor=actor, now=now)
    db.session.flush()
    return code


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def use_state(state: str, *, now: datetime) -> bool:
    """Whether a journey comes back for the first time: never a second time, whatever the browser has kept."""
    row = insert(UsedState).values(state_hash=_hash(state), used_at=now).on_conflict_do_nothing()
    return db.session.scalar(row.returning(UsedState.state_hash)) is not None


def sign_in(
    provider: IdentityProvider, told: oidc.Identity, *, now: datetime, limits: accounts.SessionLimits
) -> tuple[str | None, SignInProblem | None]:
    """Open a session for the one whom the provider means (R-469). Returns its token, or why there is none.

    For SUBJECT_UNKNOWN the account may be linked with a code: see `link`.
    """
    if not is_sure_enough(told.acr, provider.assurance):
        return None, SignInProblem.ASSURANCE_LOW
    user = queries.find_linked(told.issuer, told.subject)
    if user is None:
        return None, SignInProblem.SUBJECT_UNKNOWN
    return _open(provider, user, now=now, limits=limits)


def _open(
    provider: IdentityProvider, user: User, *, now: datetime, limits: accounts.SessionLimits
) -> tuple[str | None, SignInProblem | None]:
    membership = queries.find_membership(user.id, provider.organisation_id)
    if membership is None:
        return None, SignInProblem.ACCOUNT_CLOSED
    # Substantial is two factors, as a code is; a role that needs a passkey still asks for one.
    return accounts.open_session(user, membership, now=now, limits=limits, proof=Proof.CODE), None


def link(
    provider: IdentityProvider, stranger: Stranger, code: str, *, now: datetime, limits: accounts.SessionLimits
) -> tuple[str | None, SignInProblem | None]:
    """Link an invited account by the administrator's code and the checked address together (R-469), and open a session.

    The address alone links nothing, and neither does the code. Returns the token, or why there is none.
    """
    typed = code.strip().casefold().replace(" ", "")
    given = db.session.scalar(
        sa.select(LinkCode)
        .where(
            LinkCode.code_hash == _hash(typed),
            LinkCode.organisation_id == provider.organisation_id,
            LinkCode.used_at.is_(None),
            LinkCode.ends_at > now,
        )
        .with_for_update()
    )
    user = db.session.get_one(User, given.user_id) if given is not None else None
    if given is None or user is None or stranger.email_index is None or user.email_index != stranger.email_index:
        return None, SignInProblem.CODE_WRONG
    row = LinkedIdentity(
        provider_id=provider.id, issuer=stranger.issuer, subject=stranger.subject, user_id=user.id, linked_at=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return None, SignInProblem.CODE_WRONG
    given.used_at = now
    audit.record(Audit.IDENTITY_LINKED, SubjectType.USER, user.public_id, actor=SYSTEM, now=now)
    db.session.flush()
    return _open(provider, user, now=now, limits=limits)


def note_refusal(problem: SignInProblem, *, now: datetime) -> None:
    """Write that a sign-in through a municipality came to nothing, and why. Nobody is named."""
    audit.record(Audit.SIGN_IN_FAILED, SubjectType.SESSION, None, actor=SYSTEM, now=now, fields=[problem.value])
