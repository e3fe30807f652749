"""Files that leave by the browser: never shown inside a page, never kept, under names that say nothing (R-682)."""

from flask import Response

# A file that a browser shows after all may run, load and send nothing.
CLOSED = "default-src 'none'; frame-ancestors 'none'; sandbox"
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "zip": "application/zip"}
STEM = "dokument"


def download(content: bytes, ending: str) -> Response:
    """The file as something to be saved. Raises KeyError for an ending that we do not hand out."""
    headers = {
        "Content-Disposition": f'attachment; filename="{STEM}.{ending}"',
        "Content-Security-Policy": CLOSED,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, mimetype=TYPES[ending], headers=headers)
