"""Certificates such as an organisation has, and the keys that belong to them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

DAY = timedelta(days=1)
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Krisecenter Havren")])


@dataclass(frozen=True)
class Pair:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: RSAPrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def private_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@cache
def rsa_key(bits: int = 2048, number: int = 0) -> RSAPrivateKey:
    """A key; the same one for the same number, for making one takes time."""
    assert number >= 0
    return generate_private_key(65537, bits)


def make_pair(*, bits: int = 2048, number: int = 0, begins: datetime | None = None, days: int = 365) -> Pair:
    """A certificate of its own signing, valid from yesterday on where nothing else is said."""
    key = rsa_key(bits, number)
    return Pair(_signed(key, key, begins or datetime.now(UTC) - DAY, days), key)


def make_elliptic() -> bytes:
    """A certificate whose key is of another kind, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    return _signed(key, key, datetime.now(UTC) - DAY, 365).public_bytes(Encoding.PEM)


def _signed(
    key: RSAPrivateKey | ec.EllipticCurvePrivateKey, signer: object, begins: datetime, days: int
) -> x509.Certificate:
    builder = x509.CertificateBuilder(
        NAME, NAME, key.public_key(), x509.random_serial_number(), begins, begins + days * DAY
    )
    return builder.sign(signer, hashes.SHA256())  # type: ignore[arg-type]
