"""Column types that hold ciphertext in the database and plain values in Python.

A column type sees one value and never its row. So on the way out the statement asks the database for the row's id and
the wrapped keys together with the value (`vault_open`), and on the way in `models/sealing.py` seals before the flush;
a value that it has not seen is refused here.
"""

import json
from abc import ABC, abstractmethod
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql.elements import Label

from portal.core.protection import KeyKind
from portal.vault.envelope import unseal

V = TypeVar("V")


class SealedText(str):
    """A text on its way into one column of one row, with its envelope."""

    place: str
    envelope: bytes


class SealedDocument:
    """A document on its way into one column of one row, with its envelope."""

    def __init__(self, value: Any) -> None:
        self.value = value

    place: str
    envelope: bytes


class SealedColumn(sa.TypeDecorator[V], ABC):
    """What sealed columns have in common.

    `place` is "table.column". `key` is the kind of key it is sealed with, and `via` the foreign keys that lead from the
    row to whoever the key belongs to ("project_id.enrolment_id.case_id"); empty: the row itself. `otherwise` leads to
    the organisation whose key is used where that path ends nowhere.
    """

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(
        self, place: str, key: KeyKind = KeyKind.CASE, via: str = "case_id", otherwise: str | None = None
    ) -> None:
        super().__init__()
        self.place = place
        self.key = key
        self.via = via
        self.otherwise = otherwise

    def column_expression(self, column: Any) -> Any:
        """Let the database hand out the row's id and the wrapped keys with the value, in the same statement."""
        inner = column.element if isinstance(column, Label) else column
        return sa.func.vault_open(self._row_id(inner), inner, type_=self)

    def _row_id(self, column: Any) -> Any:
        source = getattr(column, "table", None)
        bases = [getattr(found, "table", None) for found in getattr(column, "base_columns", ())]
        wanted = bases[0].c.get("public_id") if bases and bases[0] is not None else None
        if source is None or wanted is None:
            raise sa.exc.CompileError(f"{self.place} can be read from its own row only: select the bare column")
        for candidate in source.c:
            if wanted in candidate.base_columns:
                return candidate
        raise sa.exc.CompileError(f"a subquery with {self.place} must select {wanted} too, or use vault.opened()")

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> bytes | None:
        if value is None:
            return None
        if isinstance(value, SealedText | SealedDocument) and value.place == self.place:
            return value.envelope
        raise TypeError(f"{self.place} is sealed when its object is saved; statements cannot write or compare it")

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> V | None:
        # Nothing also where the key has been destroyed: what was erased reads as empty.
        return None if value is None else self.read(unseal(value, place=self.place))

    @abstractmethod
    def read(self, text: str) -> V:
        """The value in Python."""

    @abstractmethod
    def write(self, value: V) -> str:
        """The text that is sealed."""


class Encrypted(SealedColumn[str]):
    """A sealed text."""

    cache_ok = True

    def read(self, text: str) -> str:
        return text

    def write(self, value: str) -> str:
        return value


class EncryptedJson(SealedColumn[Any]):
    """A sealed JSON document."""

    cache_ok = True

    def read(self, text: str) -> Any:
        return json.loads(text)

    def write(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)


class Opened(sa.TypeDecorator[str]):
    """A sealed text that the inner part of a statement has asked for already."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else unseal(value, place=self.place)


def opened(column: Any) -> Any:
    """A sealed text inside a subquery or a union, where its row can no longer be found from outside."""
    kind: Encrypted = column.type
    return sa.type_coerce(kind.column_expression(sa.inspect(column).expression), Opened(kind.place))


def opened_nothing(column: Any) -> Any:
    """Nothing, to be read as such a sealed text would be: for the parts of a union that have none."""
    kind: Encrypted = column.type
    return sa.type_coerce(sa.cast(sa.null(), sa.LargeBinary), Opened(kind.place))
