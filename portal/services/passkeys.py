"""Passkeys (WebAuthn): a challenge of ours, signed by a key that never leaves its owner's device (R-439)."""

import json
import struct
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes

import sqlalchemy as sa
import webauthn
from webauthn.helpers import parse_client_data_json
from webauthn.helpers import structs as wa
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.parse_authentication_credential_json import parse_authentication_credential_json

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.sign_in import Ceremony, FactorKind
from portal.db import db
from portal.domain.sign_in import CHALLENGE
from portal.models.sign_in import Factor, PasskeyChallenge
from portal.models.users import User
from portal.services import audit, devices, factors
from portal.services.accounts import SignedIn

# What a browser can send that is no answer at all.
UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, struct.error)
# A neutral name in the list of a device that others may see.
NAME = "Portal"
TRANSPORTS = {transport.value for transport in wa.AuthenticatorTransport}


@dataclass(frozen=True, slots=True)
class Site:
    """The portal as browsers know it: where it is, and the name that passkeys are bound to."""

    origin: str
    host: str


def ask(ceremony: Ceremony, site: Site, *, actor: Actor | None, now: datetime) -> str:
    """A new challenge with what the browser needs to know, as JSON. At sign-in nobody is known and nobody named."""
    challenge, user_id = token_bytes(32), actor.user_id if actor else None
    db.session.add(PasskeyChallenge(challenge=challenge, ceremony=ceremony, user_id=user_id, ends_at=now + CHALLENGE))
    db.session.flush()
    own = _credentials(user_id)
    if ceremony is Ceremony.REGISTER and user_id is not None:
        return _registration(site, challenge, db.session.get_one(User, user_id), own)
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=own,
        user_verification=wa.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def register(session: SignedIn, answer: str, site: Site, *, name: str, now: datetime) -> None:
    """Take a new passkey into use. Raises Forbidden (R-431), and Invalid for an answer that is not right."""
    factors.require_may_change(session)
    try:
        challenge = _taken(answer, Ceremony.REGISTER, session.actor.user_id, now)
        proved = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except UNREADABLE as refused:
        raise Invalid(_("The passkey could not be set up. Try again.")) from refused
    known = sa.select(Factor.id).where(Factor.credential_id == proved.credential_id)
    if db.session.scalar(known) is not None:
        raise Invalid(_("The passkey could not be set up. Try again."))
    factor = Factor(
        user_id=session.actor.user_id,
        kind=FactorKind.PASSKEY,
        name=name,
        credential_id=proved.credential_id,
        public_key=proved.credential_public_key,
        sign_count=proved.sign_count,
        transports=_transports(answer),
        created_at=now,
        confirmed_at=now,
    )
    db.session.add(factor)
    db.session.flush()
    factors.note_added(factor, session, now=now)


def use(answer: str, ceremony: Ceremony, site: Site, *, user_id: int | None, now: datetime) -> int | None:
    """Whose passkey has signed our challenge, or None (R-439).

    For a step-up `user_id` says whose it must be. A refusal for a passkey that we know is written down; one that
    counts backwards has been copied, and its owner is told (R-440).
    """
    factor = None
    try:
        challenge = _taken(answer, ceremony, user_id, now)
        credential = parse_authentication_credential_json(answer)
        factor = db.session.scalar(sa.select(Factor).where(Factor.credential_id == credential.raw_id).with_for_update())
        if factor is None or factor.public_key is None or not _is_owner(credential, factor, user_id):
            _note_refused(factor, Audit.PASSKEY_REFUSED, now)
            return None
        proved = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=factor.public_key,
            # Compared below, so that a copied key is told apart from a wrong answer.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except UNREADABLE:
        _note_refused(factor, Audit.PASSKEY_REFUSED, now)
        return None
    if factor.sign_count and proved.new_sign_count <= factor.sign_count:
        _note_refused(factor, Audit.PASSKEY_COPIED, now)
        return None
    factor.sign_count, factor.last_used_at = proved.new_sign_count, now
    db.session.flush()
    return factor.user_id


def _registration(site: Site, challenge: bytes, user: User, own: list[wa.PublicKeyCredentialDescriptor]) -> str:
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_name=user.email,
        user_id=user.public_id.encode(),
        user_display_name=user.name,
        challenge=challenge,
        exclude_credentials=own,
        # Kept on the device, and never used without its owner's finger, face or PIN: so it is two factors in one.
        authenticator_selection=wa.AuthenticatorSelectionCriteria(
            resident_key=wa.ResidentKeyRequirement.REQUIRED,
            user_verification=wa.UserVerificationRequirement.REQUIRED,
        ),
    )
    return webauthn.options_to_json(options)


def _credentials(user_id: int | None) -> list[wa.PublicKeyCredentialDescriptor]:
    rows = db.session.execute(
        sa.select(Factor.credential_id, Factor.transports).where(
            Factor.user_id == (user_id or 0), Factor.credential_id.is_not(None)
        )
    )
    return [
        wa.PublicKeyCredentialDescriptor(id=key, transports=[wa.AuthenticatorTransport(name) for name in transports])
        for key, transports in rows
        if key is not None
    ]


def _taken(answer: str, ceremony: Ceremony, user_id: int | None, now: datetime) -> bytes:
    """The challenge that is answered, taken away with that. Raises ValueError when it is not one of ours and fresh."""
    client = parse_client_data_json(_client_data(answer))
    owner = PasskeyChallenge.user_id == user_id if user_id is not None else PasskeyChallenge.user_id.is_(None)
    challenge: bytes | None = db.session.scalar(
        sa.delete(PasskeyChallenge)
        .where(
            PasskeyChallenge.challenge == client.challenge,
            PasskeyChallenge.ceremony == ceremony,
            PasskeyChallenge.ends_at > now,
            owner,
        )
        .returning(PasskeyChallenge.challenge)
    )
    if challenge is None:
        raise ValueError("no such challenge")
    return challenge


def _client_data(answer: str) -> bytes:
    return webauthn.base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"])


def _transports(answer: str) -> list[str]:
    said = json.loads(answer)["response"].get("transports") or []
    return [name for name in said if name in TRANSPORTS]


def _is_owner(credential: wa.AuthenticationCredential, factor: Factor, user_id: int | None) -> bool:
    """Whether the passkey belongs to whom the browser and the session say."""
    if user_id is not None and factor.user_id != user_id:
        return False
    handle = credential.response.user_handle
    return handle is None or handle == db.session.get_one(User, factor.user_id).public_id.encode()


def _note_refused(factor: Factor | None, tag: Audit, now: datetime) -> None:
    subject = factor.public_id if factor else None
    audit.record(tag, SubjectType.USER, subject, actor=SYSTEM, now=now)
    if factor is not None and tag is Audit.PASSKEY_COPIED:
        devices.tell(factor.user_id, f"copied:{factor.public_id}", now=now)
    db.session.flush()
