"""The registry of fields: for every column its class, its key, how long it is kept, who may see it, whom it is about.

Tests hold it to the tables: a column that is missing here, or that is sealed otherwise than said here, fails them
(R-402). `portal docs` writes it out as docs/reference/fields.md; exports, erasure and retention read it (R-403).
"""

from portal.domain.registry import (
    cases,
    children,
    clients,
    courses,
    daily,
    documents,
    grants,
    helping,
    leaving,
    measures,
    meetings,
    people,
    plans,
    referrals,
    rights,
    risk,
    safety,
    sign_in,
    system,
)
from portal.domain.registry.entry import Field, Table

AREAS = (
    clients,
    children,
    cases,
    risk,
    plans,
    safety,
    referrals,
    courses,
    documents,
    daily,
    meetings,
    measures,
    grants,
    helping,
    people,
    leaving,
    sign_in,
    rights,
    system,
)
TABLES: dict[str, Table] = {table.name: table for area in AREAS for table in area.TABLES}
FIELDS: dict[tuple[str, str], Field] = {
    (field.table, field.column): field for table in TABLES.values() for field in table.fields()
}


def field(table: str, column: str) -> Field:
    """What is known about one column. Raises KeyError for one that is not registered."""
    return FIELDS[table, column]
