"""Every kind of key stands in the inventory with its use and how it is changed (ASVS 11.1.2)."""

from config import ROOT
from portal.cli.vault import vault
from portal.core.protection import KeyKind


def test_every_kind_of_key_is_in_the_inventory() -> None:
    rows = [line for line in (ROOT / "docs" / "keys.md").read_text().splitlines() if line.startswith("| ")][1:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert all(len(row) == 5 and all(row) for row in cells)
    named = {row[0].strip("`") for row in cells}
    assert {kind.value for kind in KeyKind} <= named


def test_every_command_of_the_inventory_exists() -> None:
    text = (ROOT / "docs" / "keys.md").read_text()
    told = {part.split("`")[0].split()[0] for part in text.split("portal vault ")[1:]}
    assert told <= set(vault.commands)
