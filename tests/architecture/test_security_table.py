"""The ASVS table names for each requirement of level 2 a test that exists, or says why there is none."""

from pathlib import Path

import pytest

from tests.support import asvs

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "asvs.md"


def test_the_list_of_requirements_is_whole() -> None:
    """345 requirements stand in ASVS 5.0.0: 70 of level 1, 183 of level 2, 92 of level 3."""
    counted = list(asvs.levels().values())
    assert [counted.count(level) for level in (1, 2, 3)] == [70, 183, 92]
    assert len(asvs.wanted()) == 253


def test_every_requirement_stands_in_the_table_once_with_tests_that_exist() -> None:
    assert asvs.problems(PAGE.read_text(), ROOT) == []


def test_the_page_says_how_many_there_are() -> None:
    text = PAGE.read_text()
    met, kept, short = (len(asvs.rows(text, name)) for name in ("Met", "By the installation", "In part"))
    without = 253 - met - kept - short
    assert (
        f"{met} are met, {kept} are kept by the installation, {short} are met in part, {without} do not apply." in text
    )


BREAKS = {
    "a test that is gone": ("::test_no_weak_hash_is_used`", "::test_no_weak_hash_is_used_any_more`"),
    "a file that is gone": ("`tests/architecture/test_bans.py::test_no_weak_hash", "`tests/gone.py::test_no_weak_hash"),
    "no test": ("`tests/architecture/test_bans.py::test_no_weak_hash_is_used`", ""),
    "words in the place of a test": ("`tests/architecture/test_bans.py::test_no_weak_hash_is_used`", "looked at"),
    "another level": ("| 11.4.1 | 1 |", "| 11.4.1 | 2 |"),
    "an id that nobody gave": ("| 11.4.1 | 1 |", "| 11.4.9 | 1 |"),
    "an id of another form": ("| 11.4.1 | 1 |", "| V11.4.1 | 1 |"),
    "an id of level 3": ("| 11.4.1 | 1 |", "| 11.5.2 | 1 |"),
    "an id twice": ("| 11.4.1 | 1 |", "| 11.4.2 | 2 |"),
    "nothing said": ("| 17 |", "| 18 |"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_row_is_found(name: str) -> None:
    text, (before, after) = PAGE.read_text(), BREAKS[name]
    assert before in text
    assert asvs.problems(text.replace(before, after), ROOT) != []


def test_a_row_that_is_gone_is_found() -> None:
    lines = PAGE.read_text().splitlines()
    fewer = [line for line in lines if not line.startswith("| 11.4.1 |")]
    assert asvs.problems("\n".join(fewer), ROOT) == ["11.4.1: is missing"]
