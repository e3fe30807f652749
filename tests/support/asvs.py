"""Reads the ASVS table of the documents and says what is wrong with it."""

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LEVELS = Path(__file__).with_name("asvs_5_0_levels.txt")
ID = re.compile(r"\d+\.\d+\.\d+")
HEADINGS = ("Met", "By the installation", "In part", "Without")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of one of the tables: what it is about, and its other cells."""

    id: str
    cells: tuple[str, ...]


def levels() -> dict[str, int]:
    """Every requirement of ASVS 5.0.0 with its level."""
    found = {}
    for line in LEVELS.read_text().splitlines():
        if not line.startswith("#"):
            section, _, numbers = line.partition(":")
            found |= {f"{section}.{place}": int(level) for place, level in enumerate(numbers.split(), 1)}
    return found


def wanted() -> dict[str, int]:
    """What level 2 asks for: the requirements of levels 1 and 2."""
    return {name: level for name, level in levels().items() if level <= 2}


def rows(text: str, heading: str) -> list[Row]:
    """The rows of the table under a heading."""
    part = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")][1:]
    cut = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    return [Row(cells[0], tuple(cells[1:])) for cells in cut]


def problems(text: str, root: Path) -> list[str]:
    """What is wrong with a page: rows without a test that exists, ids that are missing, doubled or made up."""
    met, kept, short, without = (
        rows(text, heading) for heading in ("Met", "By the installation", "In part", "Without")
    )
    wrong = [
        f"{row.id}: not three filled cells and a level" for row in met if len(row.cells) != 4 or not all(row.cells)
    ]
    for row in met:
        wrong += [f"{row.id}: {one}" for one in _problems_of_tests(row, root)]
    wrong += [f"{row.id}: no level or no reason" for row in kept + short if len(row.cells) != 3 or not all(row.cells)]
    wrong += [f"{row.id}: no reason" for row in without if len(row.cells) != 1 or not all(row.cells)]
    asked = wanted()
    for row in met + kept + short:
        if not ID.fullmatch(row.id) or str(asked.get(row.id)) != (row.cells or ("",))[0]:
            wrong.append(f"{row.id}: no requirement of this level")
    named = [row.id for row in met + kept + short] + [name for row in without for name in _covered(row.id)]
    wrong += [f"{row.id}: leaves nothing out" for row in without if not _covered(row.id)]
    wrong += [f"{name}: stands there {times} times" for name, times in Counter(named).items() if times > 1]
    return wrong + [f"{name}: is missing" for name in asked if name not in named]


def _covered(name: str) -> list[str]:
    """The requirements of a chapter, a section or an id."""
    return [one for one in wanted() if f"{one}.".startswith(f"{name}.")]


def _problems_of_tests(row: Row, root: Path) -> list[str]:
    named = TEST.findall(row.cells[-1]) if row.cells else []
    lost = [f"{path}::{name} is not there" for path, name in named if name not in _tests_in(root / path)]
    rest = TEST.sub("", row.cells[-1]).strip(" ,") if row.cells else ""
    return lost + ([] if named else ["no test"]) + ([f"{rest!r} is no test"] if rest else [])


@cache
def _tests_in(path: Path) -> frozenset[str]:
    """The tests that stand in a file, and its classes of tests."""
    if not path.is_file():
        return frozenset()
    body = ast.parse(path.read_text()).body
    defined = [one for one in body if isinstance(one, ast.FunctionDef | ast.ClassDef)]
    return frozenset(one.name for one in defined if one.name.lower().startswith("test"))
