"""Lists go on after the last row that was seen: no counting, no skipping, the same cost on every page."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import MAXYEAR, date, datetime
from typing import Any, TypeVar

PAGE_SIZE = 50
LONGEST = 400
R = TypeVar("R")


class Listed(list[R]):
    """The rows of one page. `following` is the cursor of the next one, None on the last."""

    following: str | None = None


def cut(
    rows: Sequence[Any], make: Callable[[Any], R], place: Callable[[Any], tuple[object, ...]], limit: int
) -> Listed[R]:
    """One page of what was asked for with one row more than it shows; `place` is what a row is sorted by."""
    page = Listed(make(row) for row in rows[:limit])
    if len(rows) > limit:
        page.following = encode(*place(rows[limit - 1]))
    return page


def encode(*values: object) -> str:
    """An opaque text for an address that names the last row shown: moments, days, numbers, texts."""
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode(text: str, *types: type[Any]) -> tuple[Any, ...]:
    """The values behind a cursor, each of its type. Raises ValueError for anything that `encode` did not make."""
    if len(text) > LONGEST:
        raise ValueError("the cursor is too long")
    try:
        plain = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, UnicodeDecodeError, RecursionError) as problem:
        raise ValueError("not a cursor") from problem
    if not isinstance(plain, list) or len(plain) != len(types):
        raise ValueError("a cursor of another list")
    return tuple(_read(value, kind) for value, kind in zip(plain, types, strict=True))


def _read(value: object, kind: type[Any]) -> Any:
    if kind is datetime or kind is date:
        if not isinstance(value, str):
            raise ValueError("not a day or moment")
        read = kind.fromisoformat(value)
        if kind is datetime and read.tzinfo is None:
            raise ValueError("a moment without a time zone")
        if kind is datetime and not 1 < read.year < MAXYEAR:
            raise ValueError("a moment that cannot be told in every time zone")
        return read
    if isinstance(value, bool) or not isinstance(value, kind):
        raise ValueError("a value of another kind")
    if kind is int and not -(2**63) <= value < 2**63:  # type: ignore[operator]
        raise ValueError("a number that no row has")
    return value
