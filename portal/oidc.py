"""Asking a municipality's identity provider who somebody is: code flow with PKCE, state and nonce.

Knows no database and no page. The portal's server asks the configured issuer and nobody else: what its own description
names elsewhere is refused.
"""

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.core.people import SignInProblem

TIMEOUT = 5
LARGEST = 200_000
LEEWAY = 60
# Signatures with the provider's own key pair only: nothing that the client secret could forge, and never none.
ALGORITHMS = ["RS256", "PS256", "ES256"]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class ProviderProblem(Exception):
    """The answer is not one to sign anybody in by. Says why, for the trail."""

    def __init__(self, problem: SignInProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Provider:
    """What the portal knows of a provider."""

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Journey:
    """One way to the provider and back. The browser keeps it; the provider sees only what is in `url`."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider has told of. The address counts only where the provider says that it has checked it."""

    issuer: str
    subject: str
    email: str | None
    acr: str


def is_safe(issuer: str) -> bool:
    """Whether an issuer may be asked at all: https, or this very machine at a desk and in tests."""
    parts = urlsplit(issuer)
    is_plain = not (parts.query or parts.fragment or parts.username)
    return is_plain and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def begin(provider: Provider, *, redirect_uri: str) -> Journey:
    """Where to send the browser, and what to keep meanwhile. Raises ProviderProblem when the provider is silent."""
    state, nonce, verifier = (secrets.token_urlsafe(48) for _part in range(3))
    with _client(provider, redirect_uri) as client:
        place = _describe(client, provider)["authorization_endpoint"]
        url, _state = client.create_authorization_url(place, state=state, nonce=nonce, code_verifier=verifier)
    return Journey(url, state, nonce, verifier)


def finish(provider: Provider, journey: Journey, *, code: str, redirect_uri: str) -> Identity:
    """Exchange the code and check the answer: signature, issuer, audience, time, nonce. Raises ProviderProblem."""
    with _client(provider, redirect_uri) as client:
        places = _describe(client, provider)
        try:
            token = client.fetch_token(
                places["token_endpoint"],
                code=code,
                code_verifier=journey.verifier,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except AuthlibBaseError as refused:
            raise ProviderProblem(SignInProblem.PROVIDER_REFUSED) from refused
        except (requests.RequestException, ValueError) as silent:
            raise ProviderProblem(SignInProblem.PROVIDER_SILENT) from silent
        keys = _ask(client, places["jwks_uri"])
    return _read(provider, journey, token, keys)


def _client(provider: Provider, redirect_uri: str) -> Any:
    client = OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope="openid email",
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )
    # No proxy and no password file of the machine has a say in whom we ask.
    client.trust_env = False
    return client


def _describe(client: Any, provider: Provider) -> dict[str, str]:
    """The provider's own description. Every place in it lies at the issuer, or it is refused."""
    said = _ask(client, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    places = {name: str(said.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    is_own = all(_origin(place) == _origin(provider.issuer) for place in places.values())
    if said.get("issuer") != provider.issuer or not is_own:
        raise ProviderProblem(SignInProblem.TOKEN_WRONG)
    return places


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port
    except ValueError:
        return "", None, None


def _ask(client: Any, url: str) -> dict[str, Any]:
    try:
        answer = client.get(url, withhold_token=True, timeout=TIMEOUT, allow_redirects=False, stream=True)
        text = answer.raw.read(LARGEST + 1, decode_content=True)
        if answer.status_code != 200 or len(text) > LARGEST:
            raise ProviderProblem(SignInProblem.PROVIDER_SILENT)
        answer._content = text
        said = answer.json()
    except (requests.RequestException, OSError, ValueError) as silent:
        raise ProviderProblem(SignInProblem.PROVIDER_SILENT) from silent
    if not isinstance(said, dict):
        raise ProviderProblem(SignInProblem.PROVIDER_SILENT)
    return said


def _read(provider: Provider, journey: Journey, token: dict[str, Any], keys: dict[str, Any]) -> Identity:
    try:
        signed = jwt.decode(str(token.get("id_token", "")), KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "nonce": {"essential": True, "value": journey.nonce},
            },
            {"nonce": journey.nonce, "client_id": provider.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=LEEWAY)
        subject = str(claims["sub"])
    except (JoseError, AuthlibBaseError, ValueError, KeyError, TypeError) as wrong:
        raise ProviderProblem(SignInProblem.TOKEN_WRONG) from wrong
    email = str(claims["email"]) if claims.get("email") and claims.get("email_verified") is True else None
    return Identity(provider.issuer, subject, email, str(claims.get("acr", "")))
