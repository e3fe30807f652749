"""Every row about one woman, one case or one child, found by the links between the tables (R-520)."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from portal.db import Base, db
from portal.domain.programmes import Rules, read
from portal.domain.subject_data import links, reached_from
from portal.models.organisations import Municipality, Organisation
from portal.models.programmes import Offer, Programme, ProgrammeVersion

Rows = dict[str, list[Any]]
CLASSES: Mapping[str, type[Any]] = {
    mapper.local_table.name: mapper.class_  # type: ignore[attr-defined]
    for mapper in Base.registry.mappers
    if mapper.inherits is None
}


def collect(
    root: str,
    root_id: int,
    *,
    leave_out: frozenset[str] = frozenset(),
    keeps: Callable[[str, object], bool] = lambda table, row: True,
) -> Rows:
    """The rows about one subject by table, parents first: `client` with all cases, one `client_case`, or one `child`.

    A row belongs when a link leads to the subject and none leads to somebody else. `leave_out` names tables whose rows
    count as somebody else's: with `child`, what is about a child is not about her. `keeps` says of a row whether it is
    looked at, such as cases of one organisation. One statement a table.
    """
    found: Rows = {}
    for table in reached_from(root):
        if table.name in leave_out:
            found[table.name] = []
            continue
        condition = table.c.id == root_id if table.name == root else _belongs(table, found)
        statement = sa.select(CLASSES[table.name]).where(condition).order_by(*table.primary_key.columns)
        # Also what is otherwise read only when it is asked for: all of it is hers.
        statement = statement.options(undefer("*"))
        found[table.name] = [row for row in db.session.scalars(statement) if keeps(table.name, row)]
    return found


def count(root: str, root_id: int) -> dict[str, int]:
    """How many rows about one subject each table holds, in one statement: what an erasure would take."""
    known: dict[str, sa.CTE] = {}
    for table in reached_from(root):
        own_key = table.c.id if "id" in table.c else sa.literal(None).label("id")
        leads: list[sa.ColumnElement[bool]] = [table.c.id == root_id] if table.name == root else []
        stays: list[sa.ColumnElement[bool]] = []
        for column, to in links(table, known):
            inside = table.c[column].in_(sa.select(known[to].c.id))
            leads.append(inside)
            stays.append(sa.or_(table.c[column].is_(None), inside))
        known[table.name] = sa.select(own_key).where(sa.or_(*leads), *stays).cte(f"of_{table.name}")
    counts = [sa.select(sa.func.count()).select_from(cte).scalar_subquery().label(name) for name, cte in known.items()]
    return dict(db.session.execute(sa.select(*counts)).one()._mapping)


def _belongs(table: sa.Table, found: Rows) -> sa.ColumnElement[bool]:
    """Some link leads to what was found, and no link leads elsewhere."""
    leads, stays = [], []
    for column, to in links(table, found):
        ids = [row.id for row in found[to]] if _has_id(to) else []
        leads.append(table.c[column].in_(ids))
        stays.append(sa.or_(table.c[column].is_(None), table.c[column].in_(ids)))
    return sa.and_(sa.or_(*leads), *stays)


def _has_id(table: str) -> bool:
    return "id" in Base.metadata.tables[table].c


def names_of_links() -> dict[str, dict[Any, str]]:
    """The names behind links that a woman reads of: organisations, programmes and municipalities by their keys."""
    offers = sa.select(Offer.id, Programme.name_da).join(Programme, Programme.id == Offer.programme_id)
    return {
        "organisation": _pairs(sa.select(Organisation.id, Organisation.name)),
        "offer": _pairs(offers),
        "municipality": _pairs(sa.select(Municipality.code, Municipality.name)),
    }


def rules_of_offers(given: Collection[tuple[int, int | None]]) -> dict[tuple[int, int | None], Rules]:
    """The rules of these offers in the edition that stands beside each: the words of questions, criteria and steps."""
    statement = sa.select(Offer.id, Programme.rules).join(Programme, Programme.id == Offer.programme_id)
    own = _pairs(statement.where(Offer.id.in_({offer_id for offer_id, _edition in given})))
    versions = sa.select(ProgrammeVersion.id, ProgrammeVersion.content)
    pinned = _pairs(versions.where(ProgrammeVersion.id.in_({edition for _offer_id, edition in given if edition})))
    return {(offer, edition): read(pinned[edition] if edition else own[offer]) for offer, edition in given}


def _pairs(statement: sa.Select[Any, Any]) -> dict[Any, Any]:
    return {key: name for key, name in db.session.execute(statement)}  # noqa: C416 - rows are no pairs to mypy
