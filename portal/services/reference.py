"""Reference data from the project's own files into the database: programmes and municipalities."""

import csv
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.enums import Region
from portal.core.ids import new_public_id
from portal.core.kinds import TrackKind
from portal.db import db
from portal.domain import programmes as rules
from portal.models.organisations import Municipality
from portal.models.programmes import Programme

FOLDER = Path(__file__).parent.parent / "reference"
OWN_COLUMNS = ("key", "name_da", "name_en", "provider", "kind", "summary_da", "summary_en")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows the files hold."""

    programmes: int
    municipalities: int


def load(*, actor: Actor, now: datetime) -> Loaded:
    """Take in the reference files; a second time brings changed rows up to date and adds none (R-157).

    A programme that a lead has made is never written over, whatever the file says (R-669).

    Raises KeyError or ValueError for a file that does not make sense: nothing is taken in then.
    """
    found = list_programmes()
    for row in found:
        _take_in(row)
    areas = _municipalities()
    _upsert(Municipality, areas, "code", ("name", "region"))
    db.session.flush()
    db.session.expire_all()
    return Loaded(len(found), len(areas))


def list_programmes() -> list[dict[str, Any]]:
    """The programmes as the file has them."""
    with (FOLDER / "programmes.toml").open("rb") as file:
        return list(tomllib.load(file)["programme"])


def _take_in(row: dict[str, Any]) -> None:
    own = {name: row[name] for name in OWN_COLUMNS}
    rest = {name: value for name, value in row.items() if name not in OWN_COLUMNS}
    checked = rules.read(rest)
    unknown = set(checked.eligibility) - set(rules.ELIGIBILITY)
    if unknown:
        raise ValueError(f"{row['key']}: no such rule {sorted(unknown)}")
    values = own | {"kind": TrackKind(own["kind"]), "rules": rest, "public_id": new_public_id()}
    _upsert(Programme, [values], "key", (*OWN_COLUMNS[1:], "rules"), only=Programme.owner_id.is_(None))


def _municipalities() -> list[dict[str, Any]]:
    with (FOLDER / "municipalities.csv").open(encoding="utf-8") as file:
        return [
            {"code": row["code"], "name": row["name"], "region": Region(row["region"])} for row in csv.DictReader(file)
        ]


def _upsert(
    model: Any,
    rows: list[dict[str, Any]],
    key: str,
    changed: tuple[str, ...],
    *,
    only: sa.ColumnElement[bool] | None = None,
) -> None:
    statement = insert(model).values(rows)
    newer = {name: statement.excluded[name] for name in changed}
    db.session.execute(statement.on_conflict_do_update(index_elements=[key], set_=newer, where=only))
