"""The documents say what the code says."""

import re
from pathlib import Path

import pytest

from portal.cli.docs import PAGES

ROOT = Path(__file__).parents[2]
RULE = re.compile(r"\bR-\d{3}\b")


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (ROOT / "docs" / "reference" / name).read_text() == PAGES[name](), "run `portal docs`"


def test_every_rule_stands_in_the_code_and_in_the_register() -> None:
    rows = [line for line in (ROOT / "docs" / "rules.md").read_text().splitlines() if line.startswith("| R-")]
    listed = [row.split("|")[1].strip() for row in rows]
    in_code = {rule for path in (ROOT / "portal").rglob("*.py") for rule in RULE.findall(path.read_text())}
    assert len(listed) == len(set(listed)), "a rule is listed twice"
    assert set(listed) == in_code


def test_every_rule_names_code_and_test_that_exist() -> None:
    lost = []
    for line in (ROOT / "docs" / "rules.md").read_text().splitlines():
        if line.startswith("| R-"):
            paths = re.findall(r"`((?:portal|tests)/[\w/.]+\.py)`", line)
            lost += [path for path in paths if not (ROOT / path).is_file()]
            assert len(paths) >= 2, line
    assert lost == []


def test_the_readme_names_the_two_commands_and_stays_short() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= 120
    assert any("make demo" in line for line in lines)
    assert any("make test" in line for line in lines)
