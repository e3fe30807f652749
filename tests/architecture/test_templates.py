"""Templates show values: no markup is trusted, nothing stands inline."""

import re
from pathlib import Path

import pytest

from portal.core.dates import DateProblem, parse_date

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "portal" / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "portal" / "templates")))
def test_a_template_trusts_no_markup_and_holds_no_script(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\|\s*safe\b|\bMarkup\b|autoescape false", text)
    assert not re.search(r"\shx-on|\son[a-z]+=|\sstyle=|<style|<script(?![^>]*\ssrc=)|hx-boost|hx-vars|js:", text)


def test_hints_of_dates_have_one_form() -> None:
    """And it is the form that the refusal of a date asks for."""
    texts = [path.read_text() for path in (*TEMPLATES, *(ROOT / "portal" / "blueprints").rglob("*.py"))]
    shown = {example for text in texts for example in re.findall(r"\d{1,2}[ .]\d{1,2}[ .]20\d\d", text)}
    assert shown == {"02.10.2026"}
    with pytest.raises(DateProblem, match=r"02\.10\.2026"):
        parse_date("i morgen")
