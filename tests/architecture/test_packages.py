"""Every package is named with one version and its hashes, and nothing is used that is not named (ASVS 15.1.2)."""

import ast
import json
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")
PINNED = re.compile(r"([a-z0-9][a-z0-9.-]*)(?:\[[a-z0-9,]+\])?==\d[\w.]*(?: ; .+)? \\")
OURS = {"portal", "config"}


def entries(lock: str) -> list[str]:
    """The first lines of the entries of a lock."""
    lines = (ROOT / lock).read_text().splitlines()
    return [line for line in lines if line and not line.startswith((" ", "#"))]


def names(lock: str) -> set[str]:
    return {found[1] for line in entries(lock) if (found := PINNED.fullmatch(line))}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_one_version_and_its_hashes(lock: str) -> None:
    assert [line for line in entries(lock) if not PINNED.fullmatch(line)] == []
    parts = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text())
    assert [part.splitlines()[0] for part in parts if "==" in part and "--hash=sha256:" not in part] == []


def test_every_package_of_the_browser_has_one_version_and_its_hash() -> None:
    kept = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / "package.json").read_text())
    assert [name for name, one in kept.items() if name and not one["integrity"].startswith("sha512-")] == []
    given = wanted.get("dependencies", {}) | wanted.get("devDependencies", {})
    assert [name for name, version in given.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_what_the_portal_uses_stands_in_the_list_of_what_runs() -> None:
    listed, homes = names("requirements.lock"), packages_distributions()
    used = set()
    for path in [*(ROOT / "portal").rglob("*.py"), ROOT / "config.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                used |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                used.add(node.module.partition(".")[0])
    foreign = used - set(sys.stdlib_module_names) - OURS
    lost = {name for name in foreign if not {one.lower().replace("_", "-") for one in homes.get(name, [])} & listed}
    assert len(foreign) > 5
    assert lost == set()
