"""A template shows what a query has handed out: of a mapped object it can read no sealed column (R-513)."""

from functools import cache
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2.runtime import Undefined
from sqlalchemy.orm import Mapper

from portal.vault.columns import SealedColumn


class ProtectedField(Exception):
    """A template asked a mapped object for a sealed column. A query has to hand it out as a value."""


@cache
def sealed_fields(mapper: Mapper[Any]) -> frozenset[str]:
    """The names under which a mapped class holds sealed columns."""
    return frozenset(one.key for one in mapper.column_attrs if isinstance(one.columns[0].type, SealedColumn))


class PortalEnvironment(Environment):
    """Flask's environment for templates, closed to sealed columns, whichever way a template asks for one."""

    def getattr(self, obj: Any, attribute: str) -> Any | Undefined:
        _refuse(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any | Undefined:
        _refuse(obj, argument)
        return super().getitem(obj, argument)


def _refuse(obj: Any, name: Any) -> None:
    mapper = getattr(type(obj), "__mapper__", None)
    if mapper is not None and name in sealed_fields(mapper):
        raise ProtectedField(f"{type(obj).__name__}.{name} is sealed: show it from a projection in portal/queries")


def init_app(app: Flask) -> None:
    """Before anything else touches the environment, which Flask makes once."""
    app.jinja_environment = PortalEnvironment
