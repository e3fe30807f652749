"""Makes PDF files out of templates that stand beside this file: tagged, in the design's own type, read by machines.

Values travel as data. What somebody has typed is never read as markup, the folder that a template could read from is
empty, and no font of the machine is used (R-680). What a file says of itself is the same for all (R-681).
"""

import json
import tempfile
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any, Literal

import typst

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent / "static" / "vendor" / "fonts" / "ttf"
# What stands in the properties of every file, whatever is in it.
TITLES = {"da": "Dokument", "en": "Document"}
AUTHOR = "Portal"
STANDARD: Literal["ua-1"] = "ua-1"
# What a text keeps of the signs that are not shown.
LAID_OUT = "\n\t"


def make(template: str, content: dict[str, Any], *, language: str, made_on: date) -> bytes:
    """The PDF of a template. `content` holds texts, numbers, lists and dictionaries of these, and nothing else.

    It is held to the standard for everybody (PDF/UA-1); where a sign has no letter in the type, it is tagged all the
    same, and the sign is shown as an empty box. Raises KeyError for an unknown template or language.
    """
    source = (HERE / "_page.typ").read_text("utf-8") + (HERE / f"{template}.typ").read_text("utf-8")
    given = {
        "title": TITLES[language],
        "author": AUTHOR,
        "language": language,
        "day": [made_on.year, made_on.month, made_on.day],
        "content": _clean(content),
    }
    inputs = {"given": json.dumps(given, ensure_ascii=False)}
    try:
        return _compile(source, inputs, [STANDARD])
    except typst.TypstError:
        return _compile(source, inputs, [])


def _compile(source: str, inputs: dict[str, str], standards: list[Literal["ua-1"]]) -> bytes:
    with tempfile.TemporaryDirectory() as empty:
        made: bytes = typst.compile(  # type: ignore[call-overload]  # it takes a source and a folder of two types
            source.encode(),
            root=empty,
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=standards,
            package_path=empty,
            package_cache_path=empty,
        )
    return made


def _clean(value: Any) -> Any:
    """The same without signs that steer a machine: they show nothing, and could hide something."""
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    if isinstance(value, str):
        kept = (sign for sign in str(value) if sign in LAID_OUT or unicodedata.category(sign) not in ("Cc", "Cs"))
        return "".join(kept)
    return value
