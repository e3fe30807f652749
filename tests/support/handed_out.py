"""While pages are tested, no handler and no form reads a sealed column: queries hand out what they show (R-513)."""

import sys
from typing import Any

from sqlalchemy.orm.attributes import InstrumentedAttribute

from portal.db import db
from portal.web.handed_out import sealed_fields

# Whoever reads from one of these. Templates are refused by their own environment, in production too.
CLOSED = ("/portal/blueprints/", "/portal/web/", "/wtforms/", "/jinja2/")


class Guarded(InstrumentedAttribute[Any]):
    """A sealed column of a mapped class that looks at who reads it off an object."""

    __slots__ = ()
    inherit_cache = True

    def __get__(self, instance: object, owner: Any) -> Any:
        if instance is not None:
            reader = sys._getframe(1).f_code
            if any(place in reader.co_filename for place in CLOSED):
                raise AssertionError(f"{owner.__name__}.{self.key} is read in {reader.co_filename}, {reader.co_name}")
        return super().__get__(instance, owner)


def guarded_fields() -> list[InstrumentedAttribute[Any]]:
    """Every sealed column as the attribute of its class."""
    return [
        mapper.class_.__dict__[name] for mapper in db.Model.registry.mappers for name in sorted(sealed_fields(mapper))
    ]


def guard() -> None:
    """Guard every sealed column from now on."""
    for attribute in guarded_fields():
        attribute.__class__ = Guarded
