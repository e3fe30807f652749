"""Which certificates a file is sealed for, and that only their holder opens it."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs7
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from portal.core.errors import Invalid
from portal.vault.certificates import LONGEST, fingerprint, read_certificate, seal_to
from tests.factories.certificates import Pair, make_elliptic, make_pair

NOW = datetime.now(UTC)
PLAIN = b"Layla bor i N\xc3\xb8rregade 12.\r\n\x00 og en linje til\n" * 50


@pytest.mark.parametrize("form", ["pem", "der"])
def test_what_is_sealed_for_a_certificate_is_opened_by_its_holder(form: str) -> None:
    pair = make_pair()
    receiver = read_certificate(getattr(pair, form), now=NOW)
    sealed = seal_to(receiver, PLAIN)
    assert b"Layla" not in sealed
    assert opened(sealed, pair) == PLAIN
    assert fingerprint(receiver) == fingerprint(pair.certificate)


def opened(sealed: bytes, pair: Pair) -> bytes:
    return pkcs7.pkcs7_decrypt_der(sealed, pair.certificate, pair.key, [])


def test_another_certificate_does_not_open_it() -> None:
    sealed = seal_to(make_pair().certificate, PLAIN)
    with pytest.raises(ValueError, match="recipient"):
        opened(sealed, make_pair(number=1))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_openssl_opens_it_as_the_page_says(tmp_path: Path) -> None:
    pair = make_pair()
    (tmp_path / "dokument.p7m").write_bytes(seal_to(pair.certificate, PLAIN))
    (tmp_path / "key.pem").write_bytes(pair.private_pem)
    command = "openssl cms -decrypt -inform DER -in dokument.p7m -inkey key.pem -binary -out cases.zip"
    subprocess.run(command.split(), cwd=tmp_path, check=True)
    assert (tmp_path / "cases.zip").read_bytes() == PLAIN
    shown = "openssl cms -cmsout -print -noout -inform DER -in dokument.p7m"
    assert (
        "aes-256-cbc" in subprocess.run(shown.split(), cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    )


def long_gone() -> bytes:
    return make_pair(begins=NOW - timedelta(days=400), days=399).pem


def still_to_come() -> bytes:
    return make_pair(begins=NOW + timedelta(days=1)).pem


def bundle() -> bytes:
    pair = make_pair()
    return serialize_key_and_certificates(b"x", pair.key, pair.certificate, None, NoEncryption())


REFUSED = {
    "nothing": (b"", "ikke læses som et certifikat"),
    "a text": (b"Kun et brev.", "ikke læses som et certifikat"),
    "half of one": (make_pair().der[:300], "ikke læses som et certifikat"),
    "a marker without content": (b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----", "ikke læses"),
    "more behind it": (make_pair().der + b"x", "ikke læses som et certifikat"),
    "a bundle with a password": (bundle(), "ikke læses som et certifikat"),
    "a private key": (make_pair().private_pem, "privat nøgle"),
    "both": (make_pair().pem + make_pair().private_pem, "privat nøgle"),
    "two": (make_pair().pem + make_pair(number=1).pem, "flere certifikater"),
    "too large": (make_pair().pem + b" " * LONGEST, "for stor"),
    "another kind of key": (make_elliptic(), "en anden slags"),
    "a short key": (make_pair(bits=1024).pem, "2048"),
    "over": (long_gone(), "gælder ikke længere"),
    "not begun": (still_to_come(), "gælder ikke endnu"),
}


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_will_not_do_is_refused_with_a_sentence_beside_the_field(content: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message) as refusal:
        read_certificate(content, now=NOW)
    assert refusal.value.field == "certificate"


@pytest.mark.parametrize("moment", ["not_valid_before_utc", "not_valid_after_utc"])
def test_the_first_and_the_last_second_count(moment: str) -> None:
    pair = make_pair(begins=NOW.replace(microsecond=0))
    edge = getattr(pair.certificate, moment)
    read_certificate(pair.pem, now=edge)
    with pytest.raises(Invalid):
        read_certificate(pair.pem, now=edge + timedelta(seconds=1 if "after" in moment else -1))
