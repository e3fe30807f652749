"""Lists that go on: the page that was asked for, and the address of the next one."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, url_for

from portal.queries.paging import Listed

P = TypeVar("P")


def read_page(page: Callable[[], P]) -> P:
    """A page of a list; 400 for a cursor that is none."""
    try:
        return page()
    except ValueError:
        abort(400)


def next_of(endpoint: str, rows: Listed[Any], name: str = "after") -> str | None:
    """Where a list on this page goes on, by the parameter `name`; None on the last page."""
    where: dict[str, Any] = {name: rows.following}
    return url_for(endpoint, **where) if rows.following else None
