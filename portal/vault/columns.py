"""Column types that hold ciphertext in the database and plain values in Python."""

import json
from typing import Any

import sqlalchemy as sa

from portal.vault.cipher import keyring


class Encrypted(sa.TypeDecorator[str]):
    """Text sealed for one column. `place` is "table.column"; a test holds it to the truth."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> bytes | None:
        return None if value is None else keyring().seal(value, place=self.place)

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else keyring().open(value, place=self.place)


class EncryptedJson(sa.TypeDecorator[Any]):
    """A JSON document sealed for one column."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> bytes | None:
        if value is None:
            return None
        return keyring().seal(json.dumps(value, ensure_ascii=False, sort_keys=True), place=self.place)

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> Any:
        return None if value is None else json.loads(keyring().open(value, place=self.place))
