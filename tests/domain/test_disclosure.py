"""The table of who sees what is whole, and says what the field has agreed."""

import pytest

from portal.domain.disclosure import FieldGroup, Relation, code, opens, visible_groups
from portal.domain.disclosure_table import CELLS, RELATIONS

LETTERS = set("-pamvecrRtT")


def test_there_is_a_cell_for_every_group_and_relation() -> None:
    assert RELATIONS.split() == [relation.value for relation in Relation]
    assert list(CELLS) == [group.name for group in FieldGroup]
    assert {len(row.split()) for row in CELLS.values()} == {len(Relation)} == {21}
    assert len(CELLS) == 42


def test_most_cells_are_no() -> None:
    cells = [code(group, relation) for group in FieldGroup for relation in Relation]
    assert set(cells) <= LETTERS
    assert (len(cells), cells.count("-")) == (882, 643)


@pytest.mark.parametrize("relation", [Relation.AN, Relation.BX, Relation.XO])
def test_nobody_blocked_people_and_strangers_see_released_figures_alone(relation: Relation) -> None:
    assert [group for group in FieldGroup if code(group, relation) != "-"] == [FieldGroup.STATS_RELEASED]


@pytest.mark.parametrize("group", ["PERSON_NAME", "PERSON_CPR", "CONTACT_PHONE_EMAIL", "RISK_NARRATIVE_PERPETRATOR"])
def test_intake_opens_who_she_is_on_demand_only(group: str) -> None:
    assert code(FieldGroup[group], Relation.IN) == "r"
    assert not opens(FieldGroup[group], Relation.IN)
    assert opens(FieldGroup[group], Relation.IN, "reveal")


@pytest.mark.parametrize("relation", [Relation.VO, Relation.VW, Relation.VN])
def test_volunteers_never_see_name_number_history_or_scores(relation: Relation) -> None:
    hidden = {FieldGroup.PERSON_NAME, FieldGroup.PERSON_CPR, FieldGroup.CONTACT_PHONE_EMAIL, FieldGroup.NOTE_CASE,
              FieldGroup.OUTCOME_SCORES, FieldGroup.CHILD_IDENTITY, FieldGroup.RISK_NARRATIVE_PERPETRATOR}  # fmt: skip
    assert hidden.isdisjoint(visible_groups(relation))


def test_no_list_shows_an_exact_address_to_anybody() -> None:
    for group in (FieldGroup.ADDR_EXACT, FieldGroup.TASK_ADDRESS, FieldGroup.HOUSING_UNIT_IDENTITY):
        assert [relation for relation in Relation if opens(group, relation, "list")] == []


def test_the_lead_sees_references_and_bands_but_no_name() -> None:
    seen = visible_groups(Relation.PL)
    assert FieldGroup.PERSON_NAME not in seen
    assert {FieldGroup.CASE_REF, FieldGroup.PERSON_AGE_BAND, FieldGroup.CHILD_COUNT_BAND} <= seen
