"""The tests of the table notice every single change of it: 882 of 882, one after the other."""

from collections.abc import Iterator

import pytest

from portal.core.enums import Role
from portal.domain import disclosure
from portal.domain.cases import lens
from portal.domain.disclosure import FieldGroup, Relation
from tests.policy.matrix import CELLS, GROUPS, RELATIONS, RELEASED, Cell, answer_differences, differences


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[tuple[str, str], str]]:
    """The code's own table, as a copy that may be spoilt."""
    copy = dict(disclosure._TABLE)
    monkeypatch.setattr(disclosure, "_TABLE", copy)
    lens.cache_clear()
    yield copy
    lens.cache_clear()


def spoilt(cell: Cell) -> str:
    """Every "no" becomes "view", everything else becomes "no"."""
    return "v" if cell.letter == "-" else "-"


def is_noticed(cell: Cell) -> bool:
    """A change in a column can only show in that column: it is compared, all of it, up to the first difference."""
    return next(differences(cell.relation), None) is not None


@pytest.mark.parametrize("relation", RELATIONS)
def test_no_cell_changes_unnoticed(relation: str, table: dict[tuple[str, str], str]) -> None:
    survivors = []
    for group in GROUPS:
        cell, key = CELLS[group, relation], (FieldGroup(group).name, relation)
        agreed, table[key] = table[key], spoilt(CELLS[group, relation])
        if not is_noticed(cell):
            survivors.append(group)
        table[key] = agreed
    assert survivors == []
    assert next(differences(relation), None) is None, "the table is whole again"


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_change_shows_in_the_answers_and_not_only_in_the_letter(
    relation: str, table: dict[tuple[str, str], str]
) -> None:
    """The procedure really reads the table. Released figures are the one group that it answers before it looks."""
    survivors = []
    for group in GROUPS:
        cell, key = CELLS[group, relation], (FieldGroup(group).name, relation)
        agreed, table[key] = table[key], spoilt(cell)
        if next(answer_differences(cell), None) is None:
            survivors.append(group)
        table[key] = agreed
    assert survivors == [RELEASED]


def test_a_lost_raised_number_is_noticed(table: dict[tuple[str, str], str]) -> None:
    numbered = [cell for cell in CELLS.values() if cell.number]
    for cell in numbered:
        key = FieldGroup(cell.group).name, cell.relation
        agreed, table[key] = table[key], cell.letter
        assert is_noticed(cell), cell
        table[key] = agreed
    assert len(numbered) == 22


def test_the_lens_of_a_page_reads_the_same_table(table: dict[tuple[str, str], str]) -> None:
    table["PERSON_NAME", "RC"] = "v"
    assert lens(Relation.RC, Role.CONTACT_PERSON, is_owner=True).shows(FieldGroup.PERSON_NAME)
