"""Whose data stands where: what an access export, a child's dossier and an erasure are assembled from (R-520).

The register of fields (`registry/`) says of every column how it is protected and how long it is kept; the marks say, of
those with a way to her, what is handed out, overwritten or kept. A test fails for a column that nobody has marked, and
where the two say different things about the same column.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import sqlalchemy as sa

from portal.db import Base
from portal.domain.subject_headings import Heading
from portal.domain.subject_marks import TABLES

# Rows that stay after an erasure as shells: what tells about her in them is overwritten.
KEPT_AS_SHELL = frozenset(
    {"client", "client_case", "case_access", "grant_application", "grant_line", "grant_approval", "rights_request"}
    | {"legal_hold", "subject_export", "break_glass", "retention_item", "alert", "audit_sample"}
)
# The trail refuses change; it names nobody, and DP keeps it (modifier M2).
NEVER_TOUCHED = frozenset({"audit_event"})
# The portal's own records about a case, and copies made for somebody: they are no part of the case that goes back to
# the house it belongs to.
NOT_RETURNED = NEVER_TOUCHED | {
    *(
        "alert",
        "audit_sample",
        "case_access",
        "deadline",
        "deadline_change",
        "dossier_text",
        "message",
        "passing_draft",
        "retention_item",
    ),
    "subject_export",
}
# A child's dossier says nothing of who else has asked about the child.
NOT_IN_DOSSIER = frozenset({Heading.RIGHTS})
STAFF = ("user_account", "membership", "volunteer")


class Whose(StrEnum):
    """Whom a column tells about."""

    HERS = "hers"
    CHILDS = "childs"
    THIRD = "third"
    STAFF = "staff"
    INNER = "inner"


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of one column."""

    column: str
    whose: Whose
    is_place: bool = False
    is_kept: bool = False


LETTERS = {
    "h": (Whose.HERS, False, False),
    "l": (Whose.HERS, True, False),
    "k": (Whose.HERS, False, True),
    "c": (Whose.CHILDS, False, False),
    "d": (Whose.CHILDS, True, False),
    "t": (Whose.THIRD, False, False),
    "s": (Whose.STAFF, False, False),
    "i": (Whose.INNER, False, False),
}


def heading(table: str) -> Heading:
    """Under which heading the rows of a table are read."""
    return TABLES[table][0]


@cache
def marks_of(table: sa.Table) -> tuple[Mark, ...]:
    """What is said of every column of a table, in the order of the table. A column that nobody marked is left out."""
    said = {
        column: Mark(column, *LETTERS[letter])
        for letter, columns in TABLES[table.name][1].items()
        for column in columns.split()
    }
    marks = (said.get(column.name) or _without_letter(column) for column in table.columns)
    return tuple(mark for mark in marks if mark is not None)


def _without_letter(column: sa.Column[object]) -> Mark | None:
    linked = {key.column.table.name for key in column.foreign_keys}
    if linked & set(STAFF):
        return Mark(column.name, Whose.STAFF)
    is_inner = linked or column.primary_key or column.name in ("public_id", "version") or column.name.endswith("_index")
    return Mark(column.name, Whose.INNER) if is_inner else None


def reached_from(root: str) -> tuple[sa.Table, ...]:
    """The tables with a way to a row of the root, parents before children, the root first."""
    found: dict[str, sa.Table] = {root: Base.metadata.tables[root]}
    for table in Base.metadata.sorted_tables:
        if table.name not in found and links(table, found):
            found[table.name] = table
    return tuple(found.values())


def links(table: sa.Table, reached: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The columns of a table that lead to rows of the tables reached, each with the table it leads to."""
    known = set(reached)
    pairs = ((column.name, key.column.table.name) for column in table.columns for key in column.foreign_keys)
    return tuple((column, to) for column, to in pairs if to in known and to != table.name)


def own(marks: Iterable[Mark], *, of_child: bool) -> list[Mark]:
    """The columns that are handed out to whom they are about: to the child nothing that tells where somebody is."""
    if of_child:
        return [mark for mark in marks if mark.whose in (Whose.HERS, Whose.CHILDS) and not mark.is_place]
    return [mark for mark in marks if mark.whose is Whose.HERS]


def returned(table: sa.Table) -> list[str]:
    """The columns of a case that go back to the house it belongs to: also about third persons and staff (R-536).

    Of the inner working only the row's key and the links, so that rows can be put together again.
    """
    linked = {column.name for column in table.columns if column.foreign_keys or column.name == "id"}
    return [mark.column for mark in marks_of(table) if mark.whose is not Whose.INNER or mark.column in linked]


def is_blanked(mark: Mark) -> bool:
    """Whether the column of a row that stays as a shell is overwritten at an erasure."""
    return mark.whose in (Whose.HERS, Whose.CHILDS, Whose.THIRD) and not mark.is_kept
