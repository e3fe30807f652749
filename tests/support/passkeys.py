"""A passkey in software: it signs as a device would, and can be told to misbehave."""

import hashlib
import json
import struct
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """One key for one site. `origin` and `host` are what the browser would say."""

    origin: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    count: int = 0
    flags: int = PRESENT | VERIFIED
    handle: bytes = b""
    id: bytes = field(default_factory=lambda: token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any]) -> str:
        """The answer to a challenge for a new passkey."""
        self.handle = base64url_to_bytes(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        held = bytes(16) + struct.pack(">H", len(self.id)) + self.id + encode_cbor(cose)
        attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": self._data(self.flags | HAS_KEY) + held})
        said = {"clientDataJSON": self._client("webauthn.create", options), "attestationObject": b64(attested)}
        return self._answer(said | {"transports": ["internal"]})

    def get(self, options: dict[str, Any]) -> str:
        """The answer to a challenge at sign-in or step-up."""
        self.count += 1
        client, data = self._client("webauthn.get", options), self._data(self.flags)
        digest = hashlib.sha256(base64url_to_bytes(client)).digest()
        signature = self.key.sign(data + digest, ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": b64(data), "signature": b64(signature)}
        return self._answer(said | {"userHandle": b64(self.handle)})

    def _client(self, kind: str, options: dict[str, Any]) -> str:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return b64(json.dumps(said).encode())

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _answer(self, said: dict[str, Any]) -> str:
        return json.dumps({"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": said})


def b64(value: bytes) -> str:
    """As browsers write bytes."""
    return bytes_to_base64url(value)
