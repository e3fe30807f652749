"""Small files and small functions: what grows is split by subject."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULE_LINES, FUNCTION_LINES, VIEW_LINES, TEMPLATE_LINES = 300, 40, 25, 150
# Tables of data, exempt by name.
TABLES = {"core/audit_tags.py", "domain/disclosure_table.py"}
MODULES = sorted(path for path in (ROOT / "portal").rglob("*.py") if not path.as_posix().endswith(tuple(TABLES)))
TEMPLATES = sorted((ROOT / "portal" / "templates").rglob("*.html"))


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]


def length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_and_its_functions_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MODULE_LINES
    assert [(node.name, length(node)) for node in functions(path) if length(node) > FUNCTION_LINES] == []


def test_a_template_stays_small() -> None:
    long = [str(path.relative_to(ROOT)) for path in TEMPLATES if len(path.read_text().splitlines()) > TEMPLATE_LINES]
    assert long == []


def test_views_stay_short() -> None:
    long = []
    for path in (ROOT / "portal" / "blueprints").rglob("*.py"):
        for node in functions(path):
            marks = [ast.unparse(decorator) for decorator in node.decorator_list]
            is_view = any(mark == "public" or mark.startswith("access(") for mark in marks)
            if is_view and length(node) > VIEW_LINES + len(node.decorator_list):
                long.append(f"{path.relative_to(ROOT)}:{node.name} {length(node)}")
    assert long == []


@pytest.mark.parametrize("floor", ["core", "domain", "queries", "services"])
def test_public_functions_say_what_they_promise(floor: str) -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in (ROOT / "portal" / floor).rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_a_test_that_has_a_full_size_runs_at_it_in_the_soak() -> None:
    texts = {path: path.read_text() for path in (ROOT / "tests").rglob("test_*.py")}
    sized = [path for path, text in texts.items() if re.search(r"import (size|.*crawl)|\.sizes import", text)]
    assert len(sized) > 8
    assert [str(path) for path in sized if "mark.soak" not in texts[path]] == []
