"""Asks every question of a page twice, behind the second wall and without it: the answers must be the same.

The first wall has narrowed the question already, so the second has nothing to take away. Where it does, a rule has
been told in two ways, or a service reads or changes what its actor may not see and would go wrong without a sound.
Set WALL_COMPARE=1 to run any test of pages like this.
"""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from time_machine import escape_hatch

IS_ON = os.environ.get("WALL_COMPARE") == "1"
# Statements that may differ: a colleague of the sender gets the referral and no client.
MAY_DIFFER = ("FROM referral JOIN client_case ON client_case.id = referral.case_id LEFT OUTER JOIN client ",)
MOMENT = timedelta(seconds=30)
ASKED = ("SELECT", "UPDATE", "DELETE", "WITH")


def compare(connection: sa.Connection) -> None:
    """From now on each statement on this connection is also put by the superuser, undone, and compared."""
    event.listen(connection, "before_cursor_execute", _ask)
    event.listen(connection, "after_cursor_execute", _compare)


def stop(connection: sa.Connection) -> None:
    event.remove(connection, "before_cursor_execute", _ask)
    event.remove(connection, "after_cursor_execute", _compare)


def _ask(connection: sa.Connection, _cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
    connection.info["expected"] = None
    is_telling = "set_config('bro." in statement or statement.startswith("SET ")
    if many or is_telling or not statement.lstrip().startswith(ASKED) or any(one in statement for one in MAY_DIFFER):
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    if raw.info.transaction_status != psycopg.pq.TransactionStatus.INTRANS:
        return
    with raw.cursor() as asking:
        asking.execute("SAVEPOINT compared")
        try:
            asking.execute("SET LOCAL ROLE NONE")
            asking.execute(statement, parameters)
            connection.info["expected"] = _answer(asking)
        except psycopg.Error:
            pass
        finally:
            asking.execute("ROLLBACK TO SAVEPOINT compared")
            asking.execute("RELEASE SAVEPOINT compared")


def _compare(connection: sa.Connection, cursor: Any, statement: str, *_rest: Any) -> None:
    expected = connection.info.pop("expected", None)
    if expected is not None:
        found = _answer(cursor)
        assert found == expected, (
            f"the second wall changes the answer: {found[0]}, not {expected[0]} rows of {statement}"
        )


def _answer(cursor: Any) -> tuple[int, list[str]]:
    if cursor.description is None:
        return cursor.rowcount, []
    rows = cursor.fetchall()
    if rows:
        cursor.scroll(0, mode="absolute")
    return len(rows), sorted(repr([_timeless(value) for value in row]) for row in rows)


def _timeless(value: Any) -> Any:
    """The moment of the statement itself is another one the second time: by the real clock, whatever the test says."""
    clock = escape_hatch.datetime.datetime if escape_hatch.is_travelling() else datetime
    is_now = isinstance(value, datetime) and value.tzinfo and abs(clock.now(UTC) - value) < MOMENT
    return "now" if is_now else value
