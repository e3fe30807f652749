"""What a page reads: its statements are asked again with EXPLAIN ANALYZE, as the same person behind the same wall."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.core.actor import Actor
from portal.db import db
from portal.wall import TELL
from tests.support.counting import NOT_COUNTED

EXPLAIN = "EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF, BUFFERS) "
ONE_PAGE = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relpages <= 1"
)
TAKEN_OUT = "Rows Removed by Filter", "Rows Removed by Index Recheck"
# One row of a table, one item of a list, one fact beside its name.
LISTED = re.compile(r"<(?:tr|li|dd)\b")


@dataclass(slots=True)
class Reads:
    """What one answer asked of the database, and how much its main part shows."""

    answer: TestResponse
    statements: list[str] = field(default_factory=list)
    # Rows read by each statement, and the scans that read most of them, for whoever must find out why.
    rows: list[float] = field(default_factory=list)
    scans: list[str] = field(default_factory=list)
    # Pages of tables and indexes looked at, also inside the functions that a statement calls.
    blocks: int = 0

    @property
    def listed(self) -> int:
        """Rows, items and facts in the main part of the page."""
        return len(LISTED.findall(self.answer.text.partition("<main")[2].partition("</main>")[0]))

    @property
    def total(self) -> int:
        """Rows that all statements of the page read."""
        return round(sum(self.rows))

    def why(self) -> str:
        """The scans, the largest first."""
        return "\n".join(sorted(self.scans, key=lambda line: -float(line.split()[0]))[:12])


def read(app: Flask, browser: FlaskClient, actor: Actor, path: str, data: dict[str, Any] | None = None) -> Reads:
    """Open a page (or send a form), then explain each of its SELECTs as `actor`."""

    def ask() -> TestResponse:
        return browser.get(path) if data is None else browser.post(path, data=data)

    # The first time loads templates and keys.
    ask()
    with app.app_context(), _noted() as seen:
        answer = ask()
    found = Reads(answer, [statement for statement, _values in seen])
    with app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql(TELL, _told(actor))
        small = set(connection.exec_driver_sql(ONE_PAGE).scalars())
        for statement, values in seen:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                plan = connection.exec_driver_sql(EXPLAIN + statement, values).scalar_one()
                scans = list(_scans(plan[0]["Plan"], small))
                found.blocks += plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]
                found.rows.append(sum(rows for rows, _what in scans))
                found.scans += [f"{rows:.0f} {what} in {statement[:60]!r}" for rows, what in scans if rows]
        connection.rollback()
    return found


@contextmanager
def _noted() -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if not statement.startswith(NOT_COUNTED):
            seen.append((statement, values))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def _told(actor: Actor) -> dict[str, str]:
    return {
        "scope": "actor",
        "user": str(actor.user_id),
        "organisation": str(actor.organisation_id),
        "role": actor.role.value,
    }


def _scans(node: dict[str, Any], small: set[str]) -> Iterator[tuple[float, str]]:
    """Each scan with the rows that it read: those it gave on and those it threw away, in all its loops.

    Not counted is what stands beside a row that has been found already: one row by its key, nothing thrown away. A
    table that fits on one page is read in one look, which counts as one row. Of a bitmap only the heap counts.
    """
    kind, table = node["Node Type"], node.get("Relation Name") or node.get("Function Name")
    if table and kind != "Bitmap Index Scan":
        gone = sum(node.get(name, 0) for name in TAKEN_OUT)
        is_beside = kind.startswith("Index") and gone == 0 and node["Actual Rows"] <= 1
        once = 0 if is_beside else 1 if kind == "Seq Scan" and table in small else node["Actual Rows"] + gone
        yield once * node["Actual Loops"], f"{kind} of {table}"
    for below in node.get("Plans", ()):
        yield from _scans(below, small)
