"""PDF files made anew: pages and their looks, and nothing that runs, calls out, carries files or tells who made it."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.uploads.refusals import Unsupported

MOST_PAGES = 500
# What a page does by itself, what lies within it as a file, and what it says of its maker.
DROPPED = (
    *("/AA", "/JS", "/JavaScript", "/OpenAction", "/Launch", "/RichMediaContent", "/XFA", "/URI_Base"),
    *("/EmbeddedFiles", "/EmbeddedFile", "/EF", "/AF", "/Collection", "/Metadata", "/PieceInfo", "/LastModified"),
)
SAFE_ACTIONS = ("/GoTo", "/Named", "/URI")
# Marks on a page that hold a file, a film or a program.
CARRIERS = ("/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D")
DEEPEST = 60
BROKEN = (pikepdf.PdfError, ValueError, RuntimeError, TypeError, KeyError, AttributeError, OverflowError)
JPEG_START, SCAN, END = 0xD8, 0xDA, 0xD9
# Colours and size of a JPEG stay; what its camera, its program and its taker wrote into it goes.
JPEG_DROPPED = {0xFE, *range(0xE1, 0xF0)} - {0xE2, 0xEE}


def anew(content: bytes) -> bytes:
    """The pages in a new file. Raises Invalid (field `file`) for one that is locked or cannot be read."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise _locked()
            if not 1 <= len(pdf.pages) <= MOST_PAGES:
                raise Invalid(_("A PDF has from 1 to 500 pages."), field="file")
            _clean(pdf)
            return _written(pdf)
    except pikepdf.PasswordError as problem:
        raise _locked() from problem
    except BROKEN as problem:
        raise Invalid(_("The PDF cannot be read. Print it to a new PDF and try again."), field="file") from problem


def _locked() -> Unsupported:
    return Unsupported(_("The PDF has a password. Take it off, or print it to a new PDF, and try again."))


def _written(pdf: pikepdf.Pdf) -> bytes:
    held = io.BytesIO()
    pdf.save(held, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return held.getvalue()


def _clean(pdf: pikepdf.Pdf) -> None:
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for page in pdf.pages:
        _take_off_carriers(page)
    for one in pdf.objects:
        for found in _dictionaries(one, 0):
            _clean_one(found)
        if isinstance(one, pikepdf.Stream):
            _clean_picture(one)
    pdf.remove_unreferenced_resources()


def _take_off_carriers(page: pikepdf.Page) -> None:
    marks = page.obj.get("/Annots")
    if isinstance(marks, pikepdf.Array):
        kept = [one for one in marks if str(one.get("/Subtype", "")) not in CARRIERS]
        page.obj["/Annots"] = pikepdf.Array(kept)


def _dictionaries(value: Any, depth: int) -> Iterator[Any]:
    """The dictionaries within an object, itself first; what it only points at is another object."""
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, pikepdf.Stream | pikepdf.Dictionary):
        yield value
        inside = [one for _key, one in list(value.items())]
    elif isinstance(value, pikepdf.Array):
        inside = list(value)
    else:
        return
    for one in inside:
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            yield from _dictionaries(one, depth + 1)


def _clean_one(found: Any) -> None:
    for key in DROPPED:
        if key in found:
            del found[key]
    action = found.get("/A")
    if isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) not in SAFE_ACTIONS:
        del found["/A"]
    # An action by itself: emptied, and nothing that would come after it.
    if isinstance(found.get("/S"), pikepdf.Name) and "/Next" in found:
        del found["/Next"]


def _clean_picture(stream: pikepdf.Stream) -> None:
    """Take out of a JPEG within the file what its camera wrote into it: where it was taken is among it."""
    if stream.get("/Filter") == pikepdf.Name.DCTDecode:
        stream.write(without_words(stream.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)


def without_words(picture: bytes) -> bytes:
    """A JPEG without the parts that tell about it; as it is where it does not begin as one."""
    kept, at = bytearray(picture[:2]), 2
    if picture[:2] != bytes([0xFF, JPEG_START]):
        return picture
    while at + 4 <= len(picture) and picture[at] == 0xFF:
        kind = picture[at + 1]
        if kind in (SCAN, END):
            break
        if kind == 0xFF:
            at += 1
            continue
        end = at + 2 + int.from_bytes(picture[at + 2 : at + 4], "big")
        if kind not in JPEG_DROPPED:
            kept += picture[at:end]
        at = end
    return bytes(kept) + picture[at:]
