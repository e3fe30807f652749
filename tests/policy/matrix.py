"""The second copy of the table, read from `matrix.txt`, and what the letters mean, written out once more."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.domain.decisions import Act, Outcome, Person, decide
from portal.domain.disclosure import FieldGroup, Relation, code, raised
from portal.domain.modifiers import ORDINARY, Circumstances

PROVED = Person(has_proved=True)
# By which letters each act is permitted (security rule 2.2): never imported from the code.
PERMITTED = {
    "view": "vepmat",
    "edit": "e",
    "create": "ce",
    "reveal": "rRT",
    "list": "vepm",
    "search": "vep",
}
RELEASED = "stats_released"


@dataclass(frozen=True)
class Cell:
    """One cell: a group of fields, a relation, a letter, and perhaps a raised number."""

    group: str
    relation: str
    letter: str
    number: str


def _read() -> dict[tuple[str, str], Cell]:
    lines = (Path(__file__).parent / "matrix.txt").read_text().splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    relations = rows[0][1:]
    return {
        (group, relation): Cell(group, relation, cell[0], cell[1:])
        for group, *cells in rows[1:]
        for relation, cell in zip(relations, cells, strict=True)
    }


CELLS = _read()
GROUPS = list(dict.fromkeys(cell.group for cell in CELLS.values()))
RELATIONS = list(dict.fromkeys(cell.relation for cell in CELLS.values()))


def expected(cell: Cell, act: str) -> str:
    """What the portal answers to a proved person when every condition is met."""
    if cell.group == RELEASED:
        return "allow" if act == "view" else "forbidden"
    if cell.letter in PERMITTED[act]:
        return "allow"
    return "not_found" if CELLS["case_exists", cell.relation].letter == "-" else "forbidden"


def answer(cell: Cell, act: str, case: Circumstances | None = ORDINARY, person: Person = PROVED) -> Outcome:
    """What the portal does answer."""
    return decide(Act(act), FieldGroup(cell.group), Relation(cell.relation), person, case).outcome


def differences(relation: str) -> Iterator[str]:
    """Where the code and the second copy differ in one column of the table: letters first, then answers."""
    for group in GROUPS:
        cell = CELLS[group, relation]
        there = code(FieldGroup(group), Relation(relation)) + raised(FieldGroup(group), Relation(relation))
        if there != cell.letter + cell.number:
            yield f"{group} for {relation}: {there} instead of {cell.letter}{cell.number}"
        yield from answer_differences(cell)


def answer_differences(cell: Cell) -> Iterator[str]:
    """Where the answers to the six acts differ from what the second copy says of this cell."""
    for act in PERMITTED:
        given = answer(cell, act)
        if given != expected(cell, act):
            yield f"{act} {cell.group} for {cell.relation}: {given} instead of {expected(cell, act)}"
