"""Every column with a way to a woman or a child says whose it is."""

import pytest
import sqlalchemy as sa

from portal.db import Base
from portal.domain.labels.columns import COLUMNS
from portal.domain.subject_data import (
    KEPT_AS_SHELL,
    NEVER_TOUCHED,
    Whose,
    heading,
    is_blanked,
    marks_of,
    own,
    reached_from,
)
from portal.domain.subject_marks import TABLES

REACHED = reached_from("client")


@pytest.mark.parametrize("table", REACHED, ids=lambda table: table.name)
def test_every_column_that_leads_to_her_says_whose_it_is(table: sa.Table) -> None:
    assert table.name in TABLES, "mark the table in portal/domain/subject_marks.py"
    marked = [mark.column for mark in marks_of(table)]
    assert marked == [column.name for column in table.columns]
    assert heading(table.name)


def test_nothing_is_marked_that_is_not_there() -> None:
    lost = [
        f"{name}.{column}"
        for name, (_heading, letters) in TABLES.items()
        for columns in letters.values()
        for column in columns.split()
        if name not in Base.metadata.tables or column not in Base.metadata.tables[name].columns
    ]
    assert lost == []
    assert {table.name for table in REACHED} == set(TABLES)


def test_no_column_has_two_letters() -> None:
    for name, (_heading, letters) in TABLES.items():
        columns = " ".join(letters.values()).split()
        assert len(columns) == len(set(columns)), name


def test_parents_come_before_children() -> None:
    seen: set[str] = set()
    for table in REACHED:
        parents = {key.column.table.name for key in table.foreign_keys} & {one.name for one in REACHED}
        assert parents - {table.name} <= seen
        seen.add(table.name)


@pytest.mark.parametrize("name", ["address", "place", "meeting_point"])
def test_what_tells_where_she_is_is_marked_as_a_place(name: str) -> None:
    marks = [mark for table in REACHED for mark in marks_of(table) if mark.column == name]
    assert marks
    assert all(mark.is_place for mark in marks)


def test_whoever_else_is_named_is_never_hers() -> None:
    for table in ("watched_person", "case_block", "watch_hit"):
        assert not [mark for mark in marks_of(Base.metadata.tables[table]) if mark.whose in (Whose.HERS, Whose.CHILDS)]


def test_what_is_overwritten_in_a_shell_can_be() -> None:
    """A column that stays empty after an erasure may be empty, or holds text."""
    stuck = [
        f"{table.name}.{mark.column}"
        for table in REACHED
        if table.name in KEPT_AS_SHELL
        for mark in marks_of(table)
        if is_blanked(mark)
        and not table.c[mark.column].nullable
        and not isinstance(table.c[mark.column].type, sa.LargeBinary | sa.TypeDecorator | sa.Boolean | sa.SmallInteger)
    ]
    assert stuck == []


def test_the_trail_is_reached_and_left_alone() -> None:
    assert {table.name for table in REACHED} >= NEVER_TOUCHED


def test_every_column_that_is_handed_out_has_a_word() -> None:
    handed_out = {mark.column for table in REACHED for mark in own(marks_of(table), of_child=False)}
    handed_out |= {mark.column for table in reached_from("child") for mark in own(marks_of(table), of_child=True)}
    assert sorted(handed_out - set(COLUMNS)) == []
    assert sorted(set(COLUMNS) - handed_out) == []
