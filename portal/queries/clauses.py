"""Clauses and statements that are built once for each person: that took up to half of the time of a page."""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")
# About as many people as work at once, each with a few columns that are asked about.
MOST = 512


def built_once(build: Callable[P, T]) -> Callable[P, T]:
    """Build a clause or a statement once for the same arguments, and give out that one again.

    For functions whose clause follows from their arguments alone: nothing of the clock but the database's own, nothing
    of the session. What differs from page to page, such as which case, is a bound parameter with a name. Clauses are
    never changed, so several statements may hold the same one.
    """
    return cast(Callable[P, T], lru_cache(maxsize=MOST)(build))
