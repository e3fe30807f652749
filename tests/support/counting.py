"""Counts statements that reach the database."""

from typing import Any


class Counter:
    """Statements seen since `start`. Savepoints do not count: only tests need them."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.is_on = False

    def start(self) -> None:
        self.statements.clear()
        self.is_on = True

    def stop(self) -> int:
        self.is_on = False
        return len(self.statements)

    def note(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if self.is_on and not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.statements.append(statement)
