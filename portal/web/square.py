"""A square picture (QR code) as one path of an SVG: nothing of it comes from elsewhere, and no markup is trusted."""

from itertools import groupby

import segno

# The empty edge that cameras need around it.
EDGE = 4


def path_of(text: str) -> tuple[str, int]:
    """The dark squares as the `d` of a path, and how many squares the picture is wide."""
    rows = list(segno.make(text, error="m", micro=False).matrix_iter(border=EDGE))
    parts = []
    for y, row in enumerate(rows):
        x = 0
        for is_dark, run in groupby(row):
            width = len(list(run))
            if is_dark:
                parts.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return "".join(parts), len(rows)
