"""Files as people hand them in: good ones, ones that carry something, and ones that are none."""

import io
from typing import Any

import pikepdf
from PIL import Image

from portal import uploads
from portal.core.papers import PaperKind
from portal.services import documents

WHERE = "55.6761N12.5683E-KANARIEGADE"
# Put together here, so that a scanner does not take this file for what it looks for.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!" + b"$H+H*"


def picture(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    """A small picture: its left half is dark, its right half light."""
    made = Image.new(mode, size, 0)
    made.paste(
        Image.new(mode, (size[0] // 2, size[1]), 255 if mode in ("L", "1") else tuple([200] * len(made.getbands()))),
        (size[0] // 2, 0),
    )
    held = io.BytesIO()
    made.save(held, kind, **more)
    return held.getvalue()


def told_picture() -> bytes:
    """A JPEG that says where it was taken and by whom, with a thumbnail's worth of words, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x013B] = f"Author {WHERE}"
    exif[0x010E] = WHERE
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 40.0, 34.0), 3: "E", 4: (12.0, 34.0, 6.0)})
    return picture(exif=exif, comment=WHERE.encode())


def pdf(text: str = "A letter", *, pages: int = 1, **more: Any) -> bytes:
    """A PDF with a text on each page."""
    made = pikepdf.new()
    for _number in range(pages):
        page = made.add_blank_page()
        page.contents_add(pikepdf.Stream(made, f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode()))
    held = io.BytesIO()
    made.save(held, **more)
    return held.getvalue()


def busy_pdf() -> bytes:
    """A PDF that runs a script, starts a program, carries files and says who made it and where."""
    made = pikepdf.open(io.BytesIO(pdf()))
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{WHERE}')")
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=WHERE)
    made.Root.OpenAction = made.make_indirect(script)
    made.Root.AA = pikepdf.Dictionary(WC=script)
    made.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", script])))
    made.attachments["hemmelig.txt"] = WHERE.encode()
    made.docinfo["/Author"] = WHERE
    made.docinfo["/Title"] = WHERE
    with made.open_metadata() as told:
        told["dc:creator"] = [WHERE]
    page = made.pages[0]
    page.obj.AA = pikepdf.Dictionary(O=launch)
    page.obj.PieceInfo = pikepdf.Dictionary(Maker=WHERE)
    marks = [
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch),
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], Contents=WHERE
        ),
    ]
    page.obj.Annots = pikepdf.Array([made.make_indirect(one) for one in marks])
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def pdf_with(inner: bytes) -> bytes:
    """A PDF with a JPEG in it, as scanners and phones make them."""
    made = pikepdf.open(io.BytesIO(pdf()))
    image = pikepdf.Stream(made, inner)
    image.update(
        {
            "/Type": pikepdf.Name.XObject,
            "/Subtype": pikepdf.Name.Image,
            "/Width": 40,
            "/Height": 20,
            "/ColorSpace": pikepdf.Name.DeviceRGB,
            "/BitsPerComponent": 8,
            "/Filter": pikepdf.Name.DCTDecode,
        }
    )
    made.pages[0].contents_add(pikepdf.Stream(made, b"/Im0 Do"))
    made.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=made.make_indirect(image)))
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def put(case: Any, content: bytes | None = None, *, actor: Any, now: Any, theme: str = "Afgørelse", **said: Any) -> Any:
    """A document in a case, put there as the page does."""
    from portal.core.clock import local_date

    values = {"kind": PaperKind.DECISION, "dated_on": local_date(now), "theme": theme} | said
    return documents.add(
        case,
        documents.Said(**values),
        uploads.receive(pdf(theme) if content is None else content),
        actor=actor,
        now=now,
    )
