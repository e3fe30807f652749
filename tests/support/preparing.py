"""Statements stay prepared from one request to the next, as in production, where a session ends with a commit.

Here every test ends with a rollback, and the driver forgets at each what it has prepared: planning was a third of what
the longest tests cost. It forgets because a rollback may undo a table; no test with these connections makes one.
"""

from typing import Any

import sqlalchemy as sa
from psycopg._preparing import PrepareManager


class Kept(PrepareManager):
    """What the driver has prepared, also after a rollback."""

    prepared_max = 1000

    def clear(self) -> bool:
        """Forget nothing."""
        return False


def keep_prepared(engine: sa.Engine) -> None:
    """Let every connection of the engine keep what it has prepared."""

    @sa.event.listens_for(engine, "connect")
    def _begin(connection: Any, _record: Any) -> None:
        connection._prepared = Kept()
