"""Danish is the first language: every text has its words, and no words are left over."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from config import ROOT

CATALOGUE = ROOT / "portal" / "translations" / "da" / "LC_MESSAGES" / "messages.po"
KEYWORDS = ("_", "lazy", "N_", "ngettext:1,2", "lazy_ngettext:1,2")
PLACEHOLDER = re.compile(r"%\((\w+)\)")


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def words(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> dict[str, Message]:
    """The texts that code and templates hold."""
    flags = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    template = tmp_path_factory.mktemp("texts") / "messages.pot"
    subprocess.run(
        [Path(sys.executable).with_name("pybabel"), "-q", "extract", "-F", "babel.cfg", *flags, "-o", template, "."],
        cwd=ROOT,
        check=True,
    )
    with template.open("rb") as file:
        return {key(message): message for message in read_po(file) if message.id}


@pytest.fixture(scope="module")
def danish() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="da")


def test_every_text_has_its_danish_words(source, danish):
    said = {key(message) for message in danish if message.id and all(words(message))}
    assert sorted(set(source) - said) == []


def test_nothing_is_doubtful_or_left_over(source, danish):
    assert [key(message) for message in danish if message.id and message.fuzzy] == []
    assert sorted(key(message) for message in danish if message.id and key(message) not in source) == []
    assert list(danish.obsolete) == []


def test_placeholders_are_the_same_in_both_languages(danish):
    different = []
    for message in danish:
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else message.id
            allowed = {name for text in ids for name in PLACEHOLDER.findall(text)}
            if any(set(PLACEHOLDER.findall(text)) - allowed for text in words(message)):
                different.append(key(message))
    assert different == []


def test_no_text_hides_inside_a_formatted_string():
    """The extractor does not look into the braces of an f-string: a text there would never be translated."""
    names, hidden = {"_", "gettext", "ngettext", "lazy", "lazy_ngettext"}, []
    for path in sorted((ROOT / "portal").rglob("*.py")):
        for formatted in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.JoinedStr)):
            calls = (node for node in ast.walk(formatted) if isinstance(node, ast.Call) and node.args)
            said = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in names]
            hidden += [
                f"{path.relative_to(ROOT)}:{call.lineno}" for call in said if isinstance(call.args[0], ast.Constant)
            ]
    assert hidden == []
