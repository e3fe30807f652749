"""What a file is, by its first and last bytes, and the way that kind is made anew (R-684).

Its name is never asked for. What is two things at once (a picture that is a page too, a PDF that is an archive too) is
refused, for the next program might take it for the other one.
"""

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.papers import Media
from portal.uploads import pdfs, pictures
from portal.uploads.refusals import TooLarge, Unsupported
from portal.uploads.scanner import Verdict, look

MOST_BYTES = 10 * 1024 * 1024
PNG, JPEG, PDF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"
ENDS = {Media.PNG: b"IEND\xaeB`\x82", Media.JPEG: b"\xff\xd9", Media.PDF: b"%%EOF"}
BLANK = b"\0 \t\r\n\f"
# What a browser takes for a page when it finds it behind a picture.
PAGE = re.compile(rb"<\s*(?:!doctype|html|script|svg|body|iframe|\?php|\?xml)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Made:
    """A file made anew, and what it is."""

    content: bytes
    media: Media


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was handed in: what the scanner said, its fingerprint as it came, and the file made anew.

    Of what holds malware nothing is kept.
    """

    verdict: Verdict
    digest: str
    made: Made | None


def receive(content: bytes) -> Received:
    """Look through a file and make it anew. Before a transaction: a scanner takes its time. Raises as `accept` does."""
    if len(content) > MOST_BYTES:
        raise TooLarge
    verdict = look(content)
    made = None if verdict is Verdict.FOUND else accept(content)
    return Received(verdict, hashlib.sha256(content).hexdigest(), made)


def accept(content: bytes) -> Made:
    """The file made anew, without what was hidden in it. Raises Unsupported, Invalid (field `file`)."""
    if not content:
        raise Invalid(_("The file is empty. Choose another one."), field="file")
    if len(content) > MOST_BYTES:
        raise TooLarge
    media = _kind(content)
    _must_be_one_thing(content, media)
    made = pdfs.anew(content) if media is Media.PDF else pictures.anew(content, media)
    if len(made) > MOST_BYTES:
        raise TooLarge
    return Made(made, media)


def _kind(content: bytes) -> Media:
    for media, start in ((Media.PNG, PNG), (Media.JPEG, JPEG), (Media.PDF, PDF)):
        if content.startswith(start):
            return media
    raise Unsupported


def _must_be_one_thing(content: bytes, media: Media) -> None:
    tail = content[content.rfind(ENDS[media]) + len(ENDS[media]) :].strip(BLANK) if ENDS[media] in content else b""
    # A camera may write some bytes of its own behind a picture; a page or an archive is none of them.
    is_two = bool(PAGE.search(tail)) if media is Media.JPEG else bool(tail)
    if is_two or zipfile.is_zipfile(io.BytesIO(content)):
        raise Unsupported(_("The file is two things at once. Save it anew as PDF, JPEG or PNG."))
