"""Reads PDF files as somebody would who looks for what should not be in them."""

import io
import re

import pikepdf

PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
SHOWS = ("Tj", "TJ", "'", '"')


def text_of(content: bytes) -> str:
    """What the pages say, a line for each piece of text, by the fonts' own tables."""
    lines: list[str] = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            lines += _page(page)
    return "\n".join(lines)


def words_of(content: bytes) -> str:
    """The same without blanks and line ends, so that a wrapped or spaced word is found all the same."""
    return re.sub(r"\s+", "", text_of(content))


def everything_in(content: bytes) -> str:
    """All that a machine can find: the bytes, every stream unpacked, the properties, the text."""
    parts = [content.decode("latin-1")]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        parts += [f"{key} {value}" for key, value in (pdf.docinfo or {}).items()]
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream):
                parts += [_read(one).decode(coding, errors="ignore") for coding in ("latin-1", "utf-8", "utf-16-be")]
            parts.append(_strings(one))
    return "\n".join([*parts, text_of(content), words_of(content)])


def _strings(one: object) -> str:
    """The texts in an object, whatever coding they stand in."""
    if isinstance(one, pikepdf.String):
        return str(one)
    if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        return " ".join(_strings(value) for _key, value in one.items() if not getattr(value, "is_indirect", False))
    if isinstance(one, pikepdf.Array):
        return " ".join(_strings(value) for value in one if not getattr(value, "is_indirect", False))
    return ""


def _read(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return stream.read_raw_bytes()


def _page(page: pikepdf.Page) -> list[str]:
    fonts = {name: _letters(font) for name, font in page.resources.get("/Font", {}).items()}
    lines, letters = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            letters = fonts.get(str(operands[0]), {})
        elif str(operator) in SHOWS:
            lines.append("".join(_said(one, letters) for one in _pieces(operands)))
    return lines


def _pieces(operands: object) -> list[bytes]:
    found: list[bytes] = []
    for one in operands:  # type: ignore[attr-defined]
        if isinstance(one, pikepdf.String):
            found.append(bytes(one))
        elif isinstance(one, pikepdf.Array):
            found += [bytes(piece) for piece in one if isinstance(piece, pikepdf.String)]
    return found


def _said(shown: bytes, letters: dict[int, str]) -> str:
    return "".join(letters.get(int.from_bytes(shown[at : at + 2]), "") for at in range(0, len(shown), 2))


def _letters(font: pikepdf.Object) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    table = font.ToUnicode.read_bytes()
    found: dict[int, str] = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, letter in PAIR.findall(part):
            found[int(code, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, letter in RANGE.findall(part):
            start = int(letter, 16)
            found |= {code: chr(start + n) for n, code in enumerate(range(int(first, 16), int(last, 16) + 1))}
    return found
