"""Signed heads of the audit chains, kept in files outside the database that only grow."""

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HEADS, RESEAL, MOVED = "heads", "reseal", "moved"


@dataclass(frozen=True, slots=True)
class Entry:
    """One signed line: the heads of some chains (chain, place, hash) at a moment.

    A reseal says which heads a restored database had: what was signed of later places is known to be lost. Of moved
    lines it is the last of each chain that now stands in a file and no longer in the database.
    """

    kind: str
    at: datetime
    heads: tuple[tuple[int, int, bytes], ...]


class BadAnchor(Exception):
    """A line that is not ours: its signature does not fit, or it cannot be read."""


@dataclass(frozen=True)
class AnchorStore:
    """A folder with one file a month, and the key that signs."""

    folder: Path
    key: Ed25519PrivateKey

    @classmethod
    def open(cls, folder: str, *, root: bytes, given: bytes | None = None) -> Self:
        """The store in a folder, with a given key of 32 bytes or one derived from the root key."""
        seed = given or HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"bro audit anchor").derive(root)
        return cls(Path(folder), Ed25519PrivateKey.from_private_bytes(seed))

    def append(self, kind: str, at: datetime, heads: Sequence[tuple[int, int, bytes]]) -> None:
        """Sign and write one line, and wait until it is on the disk. Raises OSError."""
        said: dict[str, Any] = {
            "kind": kind,
            "at": at.isoformat(),
            "heads": [[chain, seq, own.hex()] for chain, seq, own in heads],
        }
        said["sig"] = base64.b64encode(self.key.sign(_signed(said))).decode()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(self.folder / f"{at:%Y-%m}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # One write: two writers never mix their lines.
            os.write(file, json.dumps(said).encode() + b"\n")
            os.fsync(file)
        finally:
            os.close(file)

    def read(self) -> Iterator[Entry | BadAnchor]:
        """Every line in the order in which it was written; what is not ours comes as BadAnchor."""
        for path in sorted(self.folder.glob("*.jsonl")):
            with path.open("rb") as file:
                for line in file:
                    yield self._entry(line)

    def sign(self, text: str) -> bytes:
        """The signature of a receipt, by the key that signs the heads. No text of three parts: those are heads."""
        return self.key.sign(text.encode())

    def is_signed(self, text: str, signature: bytes) -> bool:
        """Whether this receipt was signed here, word for word."""
        try:
            self.key.public_key().verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True

    @property
    def public_key(self) -> str:
        """With this anybody can check what was signed: 32 bytes in base64 (Ed25519)."""
        return base64.b64encode(self.key.public_key().public_bytes_raw()).decode()

    def _entry(self, line: bytes) -> Entry | BadAnchor:
        try:
            said = json.loads(line)
            self.key.public_key().verify(base64.b64decode(said["sig"]), _signed(said))
            heads = tuple((int(chain), int(seq), bytes.fromhex(own)) for chain, seq, own in said["heads"])
            return Entry(said["kind"], datetime.fromisoformat(said["at"]), heads)
        except (ValueError, KeyError, TypeError, InvalidSignature):
            return BadAnchor()


def _signed(said: dict[str, Any]) -> bytes:
    return json.dumps([said["kind"], said["at"], said["heads"]]).encode()


def fingerprint(own: bytes) -> str:
    """The hash of a head as a person reads it aloud: eight groups of four."""
    text = hashlib.sha256(own).hexdigest()[:32]
    return " ".join(text[place : place + 4] for place in range(0, 32, 4))
