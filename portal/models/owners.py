"""Who owns the key of a sealed value: the way from its row to a person, a case or an organisation."""

from typing import Any

import sqlalchemy as sa

from portal.core.protection import KeyKind
from portal.db import Base
from portal.models.key_store import AROUND, DATA, PLATFORM, WRAPPED, Owner
from portal.vault import SealedColumn


def steps(table: sa.Table, via: str) -> list[sa.Table]:
    """The tables on the way from a row to the owner of its key, the owner's last. Empty: the row owns it itself."""
    found = []
    for name in via.split(".") if via else ():
        (key,) = table.c[name].foreign_keys
        table = key.column.table
        found.append(table)
    return found


def owner_table(table: sa.Table, via: str) -> sa.Table:
    """The table in which the owner of a key stands."""
    return [table, *steps(table, via)][-1]


def way(table: sa.Table, via: str) -> tuple[sa.FromClause, sa.Table, sa.Table]:
    """The joined tables of a way, its first and its last; the first is where the row's own foreign key points."""
    tables = steps(table, via)
    joined: sa.FromClause = tables[0]
    for before, name, after in zip(tables, via.split(".")[1:], tables[1:], strict=False):
        joined = joined.join(after, before.c[name] == after.c.id)
    return joined, tables[0], tables[-1]


def organisation_of(owner: sa.Table) -> Any:
    """Under which organisation's key the key of such an owner is wrapped, as SQL. The platform's: 0."""
    tables = Base.metadata.tables
    case, client = tables["client_case"], tables["client"]
    if owner is case:
        return case.c.owner_organisation_id
    if owner is tables["organisation"]:
        return owner.c.id
    her = {client: lambda: client.c.id, tables["child"]: lambda: tables["child"].c.client_id}.get(owner)
    if her is None:
        return sa.literal(0)
    first = sa.select(case.c.owner_organisation_id).where(case.c.client_id == her()).order_by(case.c.id).limit(1)
    return sa.func.coalesce(first.scalar_subquery(), 0)


def key_at_end(kind: KeyKind, table: sa.Table, via: str, start: int) -> sa.Select[Any]:
    """The key of whoever stands at the end of the way, in one statement, held for this transaction."""
    joined, first, last = way(table, via)
    return (
        sa.select(*WRAPPED)
        .select_from(
            joined.join(DATA, DATA.c.owner == last.c.public_id).join(AROUND, AROUND.c.id == DATA.c.organisation_key_id)
        )
        .where(first.c.id == start, DATA.c.kind == kind, DATA.c.retired_at.is_(None))
        .with_for_update(read=True, key_share=True, of=DATA)
    )


def owner_at_end(connection: sa.Connection, kind: KeyKind, table: sa.Table, via: str, start: int) -> Owner | None:
    """Whoever stands at the end of the way; None when it ends nowhere."""
    joined, first, last = way(table, via)
    statement = sa.select(last.c.public_id, organisation_of(last)).select_from(joined).where(first.c.id == start)
    row = connection.execute(statement).one_or_none()
    return None if row is None else Owner(kind, row[0], row[1])


def owner_itself(connection: sa.Connection, kind: KeyKind, table: sa.Table, public_id: str) -> Owner:
    """A row that owns its key. One that is not yet saved has no organisation of its own."""
    statement = sa.select(organisation_of(table)).select_from(table).where(table.c.public_id == public_id)
    return Owner(kind, public_id, connection.execute(statement).scalar() or 0)


def platform() -> Owner:
    """What belongs to no organisation."""
    return Owner(KeyKind.ORGANISATION, PLATFORM, 0)


def sealed_columns(table: sa.Table) -> list[tuple[sa.Column[Any], SealedColumn[Any]]]:
    """The sealed columns of a table with their types."""
    return [(column, column.type) for column in table.columns if isinstance(column.type, SealedColumn)]
