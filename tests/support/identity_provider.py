"""A real identity provider on this machine: describes itself, signs with its own keys, gives each code once."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "bro-portal", "a secret of the provider's own"
SUBSTANTIAL = "https://data.gov.dk/concept/core/nsis/loa/substantial"


def _part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


class LocalProvider:
    """Answers for whoever `person` says has signed in. `twist` changes what it signs."""

    def __init__(self) -> None:
        self.key, self.other_key = (RSAKey.generate_key(2048, {"kid": "one"}, private=True) for _key in range(2))
        self.person: dict[str, Any] = {
            "sub": "subject-1",
            "email": "henrik@example.org",
            "email_verified": True,
            "acr": SUBSTANTIAL,
        }
        self.twist: dict[str, Any] = {}
        self.signing_key = self.key
        # None, or how a forger writes the token instead: unsigned, or with what everybody could know.
        self.forge: str | None = None
        self.description: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        } | self.description

    def authorize(self, query: dict[str, str]) -> str:
        """Sign the person in and send the browser back, as the provider's own page would."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["client_id"] == CLIENT_ID
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """A code for a token: once, for the right client, with the verifier that belongs to the challenge."""
        asked = self.codes.pop(form.get("code", ""), None)
        wanted = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or authorization != wanted or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= self.person | self.twist
        claims = {name: value for name, value in claims.items() if value is not None}
        said = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer"}
        return 200, said | {"id_token": self._sign(claims)}

    def _sign(self, claims: dict[str, Any]) -> str:
        if self.forge == "none":
            return ".".join((_part({"alg": "none"}), _part(claims), ""))
        if self.forge == "secret":
            key = OctKey.import_key(CLIENT_SECRET * 2)
            return jwt.encode({"alg": "HS256"}, claims, key)
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signing_key)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_line: object) -> None:
                """Say nothing."""

            def answer(self, status: int, said: dict[str, Any]) -> None:
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                provider.asked.append(parts.path)
                if parts.path == "/.well-known/openid-configuration":
                    self.answer(200, provider.describe())
                elif parts.path == "/jwks":
                    self.answer(200, KeySet([provider.key]).as_dict(private=False))
                elif parts.path == "/authorize":
                    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                    self.send_response(303)
                    self.send_header("Location", provider.authorize(query))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    self.answer(404, {})

            def do_POST(self) -> None:
                provider.asked.append(self.path)
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(text).items()}
                self.answer(*provider.exchange(form, self.headers.get("Authorization", "")))

        return Handler
