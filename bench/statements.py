"""The statements of one answer, as every part of the benchmark counts them."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

# Told at the begin of every transaction, as BEGIN is.
NOT_COUNTED = ("SELECT set_config('bro.", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def counted() -> Iterator[list[str]]:
    """What is put to the database meanwhile, in this process."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(NOT_COUNTED):
            seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
