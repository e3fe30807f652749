"""The files that the portal makes: what somebody has typed is shown as it stands, and properties say nothing."""

import io
from datetime import date
from typing import Any

import pikepdf
import pytest
import typst

from portal import papers
from tests.support.pdf import everything_in, text_of, words_of

DAY = date(2026, 11, 3)
HOSTILE = '#read("/etc/passwd") *bold* _it_ $x$ @ref <label> = Head \\ #sys.inputs // gone'


def paper(text: str, language: str = "da", **more: Any) -> bytes:
    section = {"heading": "Plan", "lines": [text], "rows": [{"head": "Note", "text": text}]}
    content = {"heading": "Papir", "lead": [["Ord", text]], "sections": [section], "foot": text} | more
    return papers.make("sections", content, language=language, made_on=DAY)


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_was_typed_is_shown_as_it_stands_and_never_read_as_markup(language: str) -> None:
    """R-680: four places, four times the same text, each sign of it."""
    shown = words_of(paper(HOSTILE, language))
    assert shown.count(HOSTILE.replace(" ", "")) == 4


@pytest.mark.parametrize("place", ["/etc/passwd", "config.py", "../../etc/passwd", "portal/papers/notice.typ"])
def test_a_template_that_reads_a_file_finds_none(place: str) -> None:
    """R-680: the folder that a template can read from is empty, whatever it asks for."""
    with pytest.raises(typst.TypstError, match=r"not found|escape the project root"):
        papers._compile(f'#read("{place}")', {}, [])


def test_properties_are_the_same_whatever_is_in_it() -> None:
    """R-681: title, maker and day; no name of a program's user, no path, no time of day."""
    first, second = paper("Hemmelig"), paper("Noget andet")
    read = []
    for made in (first, second):
        with pikepdf.open(io.BytesIO(made)) as pdf:
            read.append({key: str(value) for key, value in pdf.docinfo.items()})
    assert read[0] == read[1]
    assert (read[0]["/Title"], read[0]["/Author"]) == ("Dokument", "Portal")
    assert read[0]["/CreationDate"].startswith("D:20261103")
    assert set(read[0]) <= {"/Title", "/Author", "/CreationDate", "/Creator", "/ModDate"}


def test_it_is_tagged_says_its_language_and_carries_its_own_type() -> None:
    with pikepdf.open(io.BytesIO(paper("Et afsnit"))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert str(pdf.Root.Lang) == "da"
        assert "/StructTreeRoot" in pdf.Root
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True
        fonts = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]
        names = {str(font.BaseFont) for font in fonts}
        assert names
        assert all("IBMPlexSans" in name for name in names)
    assert b"ua/ns/id" in paper("Et afsnit") or "pdfuaid" in everything_in(paper("Et afsnit"))


@pytest.mark.parametrize("text", ["你好 😀", "a\x00b\x07c", "\ud800", "مرحبا", "\u202eabc", "æøå ÆØÅ é ß"])
def test_no_sign_makes_it_fail(text: str) -> None:
    assert text_of(paper(text)).count("Papir") == 1


def test_long_texts_run_over_many_pages_and_lose_nothing() -> None:
    words = [f"ord{number:04}" for number in range(6000)]
    shown = words_of(paper(" ".join(words), lead=[], foot=""))
    assert all(shown.count(word) == 2 for word in words)
