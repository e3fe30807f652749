"""The certificate of a receiver, and a file that nobody but its holder opens (CMS enveloped data, RFC 5652).

The portal keeps neither the certificate nor the file. The cipher inside the envelope does not notice changes by itself,
unlike the vault's own: the receipt holds the file's hash for that. Who issued the certificate is not looked at.
"""

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options
from cryptography.x509 import Certificate

from portal.core.errors import Invalid
from portal.core.i18n import _

# An organisation's certificate is about 2 KB; nothing longer is read.
LONGEST = 20_000
SHORTEST_KEY = 2048
PEM = b"-----BEGIN "
FIELD = "certificate"
UNREADABLE = _("This cannot be read as a certificate. Choose an X.509 certificate as PEM or DER.")
UNUSABLE = (ValueError, TypeError, UnsupportedAlgorithm, InternalError)


def read_certificate(content: bytes, *, now: datetime) -> Certificate:
    """The one certificate in a file, as PEM or DER: RSA of 2048 bits or more, valid now (R-537). Raises Invalid."""
    if len(content) > LONGEST:
        raise _refused(_("The file is too large to be a certificate. It may be 20 KB at most."))
    if b"PRIVATE KEY" in content:
        raise _refused(_("The file holds a private key. Keep that to yourselves, and choose the certificate alone."))
    try:
        return _checked(_only_one(content), now)
    except UNUSABLE as problem:
        raise _refused(UNREADABLE) from problem


def _only_one(content: bytes) -> Certificate:
    if not content.lstrip().startswith(PEM):
        return x509.load_der_x509_certificate(content)
    found = x509.load_pem_x509_certificates(content)
    if len(found) > 1:
        raise _refused(_("There are several certificates in the file. Choose the organisation's own alone."))
    return found[0]


def _checked(certificate: Certificate, now: datetime) -> Certificate:
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise _refused(_("The certificate's key is of another kind. It must be an RSA key."))
    if key.key_size < SHORTEST_KEY:
        raise _refused(_("The certificate's key is too short. It must have 2048 bits or more."))
    if now < certificate.not_valid_before_utc:
        raise _refused(_("The certificate is not valid yet."))
    if now > certificate.not_valid_after_utc:
        raise _refused(_("The certificate is no longer valid."))
    # A key that can be read and not used is found before the work is done.
    seal_to(certificate, b"")
    return certificate


def _refused(message: object) -> Invalid:
    return Invalid(message, field=FIELD)


def seal_to(certificate: Certificate, content: bytes) -> bytes:
    """The content in an envelope for this certificate alone: AES-256-CBC, its key wrapped by RSA. In memory."""
    builder = PKCS7EnvelopeBuilder().set_data(content).set_content_encryption_algorithm(AES256)
    return builder.add_recipient(certificate).encrypt(Encoding.DER, [PKCS7Options.Binary])


def fingerprint(certificate: Certificate) -> str:
    """The SHA-256 of the certificate, as other tools show it."""
    return certificate.fingerprint(hashes.SHA256()).hex()
