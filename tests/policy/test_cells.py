"""Every cell of the table and every act on it, against a second copy that the code never reads: 5,292 expectations."""

import pytest

from portal.domain.decisions import Act
from portal.domain.disclosure import FieldGroup, Relation
from tests.policy.matrix import CELLS, GROUPS, PERMITTED, RELATIONS, answer_differences, differences


def test_the_second_copy_is_whole() -> None:
    assert [group.value for group in FieldGroup] == GROUPS
    assert [relation.value for relation in Relation] == RELATIONS
    assert set(PERMITTED) == {act.value for act in Act}
    letters = [cell.letter for cell in CELLS.values()]
    assert (len(letters), letters.count("-"), len(letters) * len(PERMITTED)) == (882, 643, 5292)


@pytest.mark.parametrize("relation", RELATIONS)
def test_the_code_says_what_was_agreed(relation: str) -> None:
    assert list(differences(relation)) == []


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_of_fields_is_open_to_exactly_those_agreed(group: str) -> None:
    assert [wrong for relation in RELATIONS for wrong in answer_differences(CELLS[group, relation])] == []
