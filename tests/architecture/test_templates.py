"""Templates show values: no markup is trusted, nothing stands inline."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "portal" / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "portal" / "templates")))
def test_a_template_trusts_no_markup_and_holds_no_script(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\|\s*safe\b|\bMarkup\b|autoescape false", text)
    assert not re.search(r"\shx-on|\son[a-z]+=|\sstyle=|<style|<script(?![^>]*\ssrc=)|hx-boost|hx-vars|js:", text)
