"""Counts statements that reach the database."""

from typing import Any

# Savepoints and roles are the tests' own; who acts is told once per transaction, and belongs to it as BEGIN does.
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET LOCAL ROLE", "SELECT set_config('bro.")


class Counter:
    """Statements seen since `start`."""

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
        if self.is_on and not statement.startswith(NOT_COUNTED):
            self.statements.append(statement)
