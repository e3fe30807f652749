"""Pictures made anew: the points alone, turned the right way, without where, when and by what they were taken."""

import io
import struct
import zlib

from PIL import Image, ImageOps

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.papers import Media

MOST_PIXELS = 25_000_000
QUALITY = 88
# We look at the size ourselves, before a single point is read.
Image.MAX_IMAGE_PIXELS = None
FORMATS = {Media.JPEG: "JPEG", Media.PNG: "PNG"}
# How the points are kept, by how they came: all else becomes ordinary colour.
MODES = {"1": "L", "L": "L", "LA": "RGBA", "RGBA": "RGBA", "PA": "RGBA", "I;16": "L", "I": "L"}
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


def anew(content: bytes, media: Media) -> bytes:
    """The same picture, its first frame, as a file of the same kind. Raises Invalid (field `file`)."""
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[media]]) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise Invalid(
                    _("The picture has more than 25 million points. Take it or save it smaller."), field="file"
                )
            picture.load()
            return _written(_plain(ImageOps.exif_transpose(picture), media), media)
    except BROKEN as problem:
        raise Invalid(_("The picture cannot be read. Open it, save it anew and try again."), field="file") from problem


def _plain(picture: Image.Image, media: Media) -> Image.Image:
    is_see_through = picture.mode == "P" and "transparency" in picture.info
    mode = "RGBA" if is_see_through else MODES.get(picture.mode, "RGB")
    if media is Media.JPEG and mode == "RGBA":
        mode = "RGB"
    # A new picture, into which the points alone are put: nothing that the old one said of itself comes along.
    points = picture.convert(mode)
    fresh = Image.new(mode, points.size)
    fresh.paste(points)
    return fresh


def _written(picture: Image.Image, media: Media) -> bytes:
    held = io.BytesIO()
    if media is Media.JPEG:
        picture.save(held, "JPEG", quality=QUALITY, optimize=True)
    else:
        picture.save(held, "PNG", optimize=False)
    return held.getvalue()
