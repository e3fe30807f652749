"""Files that are handed in (security rules 7, rows 76 to 85): what is taken, what is refused, what is left of it."""

import io
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator

import pikepdf
import pytest
from PIL import Image

from portal import uploads
from portal.core.errors import Invalid
from portal.core.papers import Media
from portal.uploads import TooLarge, Unsupported, Verdict, accept, look, receive
from portal.uploads.intake import MOST_BYTES
from tests.factories.files import EICAR, WHERE, busy_pdf, pdf, pdf_with, picture, told_picture
from tests.support.pdf import everything_in

PAGE = b"<html><script>alert(1)</script></html>"


def archive() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packing:
        packing.writestr("word/document.xml", "<x/>")
    return held.getvalue()


REFUSED = {
    "a page": PAGE,
    "a page that says PDF later": b"<html>%PDF-1.7 " + PAGE,
    "a vector picture": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 60,
    "a Word document or an archive": archive(),
    "a GIF": b"GIF89a" + b"\0" * 40,
    "an old Word document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60,
    "a PDF behind something else": b"GIF89a " + pdf(),
    "a picture that is a page too": picture("PNG") + PAGE,
    "a photo that is a page too": picture("JPEG") + PAGE,
    "a picture that is an archive too": picture("PNG") + archive(),
    "a photo that is an archive too": picture("JPEG") + archive(),
    "a PDF that is an archive too": pdf() + archive(),
    "a PDF that is a page too": pdf() + PAGE,
    "a locked PDF": pdf(encryption=pikepdf.Encryption(owner="a", user="b")),
    "a PDF locked for changes": pdf(encryption=pikepdf.Encryption(owner="a", user="")),
}
BROKEN = {
    "nothing": b"",
    "half a picture": picture("PNG", size=(400, 400))[:90],
    "half a photo": picture("JPEG", size=(400, 400))[:300],
    "the beginning of a PDF": pdf()[:40],
    "a PDF of nothing": b"%PDF-1.7\n%%EOF",
    "no pages": pdf(pages=0),
    "a book": pdf(pages=501),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_what_is_no_pdf_or_picture_alone_is_refused_with_what_to_do(content: bytes) -> None:
    """R-684, rows 76 and 85."""
    with pytest.raises(Unsupported) as refusal:
        accept(content)
    assert refusal.value.field == "file"


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        accept(content)
    assert refusal.value.field == "file"


def test_ten_megabytes_and_not_one_byte_more() -> None:
    """Row 77."""
    with pytest.raises(TooLarge):
        accept(pdf() + b"\0" * (MOST_BYTES + 1 - len(pdf())))
    assert accept(pdf() + b"\0" * (MOST_BYTES - len(pdf()))).media is Media.PDF


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "LA")],
)
def test_a_picture_of_any_make_becomes_an_ordinary_one(kind: str, mode: str) -> None:
    """Row 78: four colours, few colours, see-through."""
    base = picture(kind if mode != "P" else "PNG", "RGB" if mode == "P" else mode)
    if mode == "P":
        held = io.BytesIO()
        Image.open(io.BytesIO(base)).convert("P").save(held, "PNG")
        base = held.getvalue()
    made = accept(base)
    with Image.open(io.BytesIO(made.content)) as opened:
        assert opened.format == kind
        assert opened.mode in ("RGB", "RGBA", "L")
        assert opened.size == (40, 20)
        light, dark = opened.convert("L").getpixel((35, 10)), opened.convert("L").getpixel((5, 10))
    assert light != dark


def test_a_photo_is_turned_and_tells_nothing_of_where_it_was_taken() -> None:
    """Row 79: place, taker, words and thumbnail are gone, and it stands upright without them."""
    taken = told_picture()
    assert WHERE.encode() in taken
    made = accept(taken).content
    with Image.open(io.BytesIO(made)) as opened:
        assert opened.size == (20, 40)
        assert dict(opened.getexif()) == {}
        assert "comment" not in opened.info
        assert "exif" not in opened.info
    assert WHERE.encode() not in made


def test_the_words_in_a_png_go_too() -> None:
    from PIL import PngImagePlugin

    words = PngImagePlugin.PngInfo()
    words.add_text("Location", WHERE)
    words.add_itxt("XML:com.adobe.xmp", WHERE)
    made = accept(picture("PNG", pnginfo=words)).content
    assert WHERE.encode() not in made


def test_of_a_moving_picture_the_first_frame_stays() -> None:
    held = io.BytesIO()
    frames = [Image.new("RGB", (10, 10), colour) for colour in ((255, 0, 0), (0, 255, 0))]
    frames[0].save(held, "PNG", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(accept(held.getvalue()).content)) as opened:
        assert getattr(opened, "n_frames", 1) == 1
        assert opened.getpixel((5, 5)) == (255, 0, 0)


def test_a_picture_of_too_many_points_is_refused_before_they_are_read() -> None:
    """Row 78: 100 million points, and a header that only says so."""
    small = bytearray(picture("PNG"))
    small[16:24] = (10_000).to_bytes(4, "big") * 2
    import zlib

    small[29:33] = zlib.crc32(small[12:29]).to_bytes(4, "big")
    with pytest.raises(Invalid, match=r"25 million|25 millioner"):
        accept(bytes(small))


def test_a_pdf_keeps_its_pages_and_nothing_that_runs_carries_or_tells() -> None:
    """Row 79: scripts, programs, attachments, who made it."""
    busy = busy_pdf()
    assert WHERE in everything_in(busy)
    made = accept(busy).content
    held = everything_in(made)
    assert WHERE not in held
    assert [
        name for name in ("/JavaScript", "/Launch", "/EmbeddedFile", "/OpenAction", "/AA", "hemmelig") if name in held
    ] == []
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert len(opened.pages) == 1
        assert "A letter" in str(pikepdf.unparse_content_stream(pikepdf.parse_content_stream(opened.pages[0])))
        assert len(opened.docinfo.keys()) == 0
        assert len(opened.attachments) == 0


def test_a_photo_within_a_pdf_tells_nothing_either() -> None:
    taken = told_picture()
    made = accept(pdf_with(taken)).content
    assert WHERE not in everything_in(made)
    with pikepdf.open(io.BytesIO(made)) as opened:
        inner = opened.pages[0].Resources.XObject.Im0.read_raw_bytes()
    with Image.open(io.BytesIO(inner)) as kept:
        assert kept.size == (40, 20)
        assert dict(kept.getexif()) == {}


def test_the_test_sign_of_all_scanners_is_found_wherever_it_stands() -> None:
    """Row 81, R-685: nothing of such a file is kept, whatever it is otherwise."""
    for content in (EICAR, pdf() + EICAR, picture("PNG")[:50] + EICAR, b"x" * 900_000 + EICAR):
        assert look(content) is Verdict.FOUND
        assert receive(content).made is None
    assert receive(pdf()).verdict is Verdict.CLEAN


@pytest.fixture
def clamd() -> Iterator[Callable[[bytes], list[bytes]]]:
    """A scanner that answers as clamd does, on a socket of its own; `seen` is what it was shown."""
    server = socket.create_server(("127.0.0.1", 0))
    seen: list[bytes] = []

    def answer(words: bytes) -> list[bytes]:
        def serve() -> None:
            line, _address = server.accept()
            with line, line.makefile("rb") as reading:
                assert reading.read(10) == b"zINSTREAM\0"
                parts = b""
                while size := int.from_bytes(reading.read(4), "big"):
                    parts += reading.read(size)
                seen.append(parts)
                line.sendall(words)

        threading.Thread(target=serve, daemon=True).start()
        return seen

    uploads.configure(f"tcp:127.0.0.1:{server.getsockname()[1]}")
    yield answer
    uploads.configure("")
    server.close()


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (b"stream: OK\0", Verdict.CLEAN),
        (b"stream: Win.Test FOUND\0", Verdict.FOUND),
        (b"INSTREAM size limit exceeded. ERROR\0", Verdict.UNKNOWN),
        (b"", Verdict.UNKNOWN),
    ],
)
def test_the_scanner_of_the_house_is_shown_the_whole_file(
    clamd: Callable[[bytes], list[bytes]], words: bytes, verdict: Verdict
) -> None:
    content = pdf("x" * 200_000)
    seen = clamd(words)
    assert look(content) is verdict
    assert seen == [content]


def test_while_the_scanner_does_not_answer_nothing_is_clean() -> None:
    uploads.configure("tcp:127.0.0.1:1")
    try:
        assert look(pdf()) is Verdict.UNKNOWN
        assert look(EICAR) is Verdict.FOUND
    finally:
        uploads.configure("")
    with pytest.raises(ValueError, match="MALWARE_SCANNER"):
        uploads.configure("http://somewhere")
