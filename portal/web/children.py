"""A child in words: what it is called, how old it is, when somebody last spoke with it."""

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.queries.children import ChildFacts


def child_name(child: ChildFacts) -> str:
    """Its name, or the year it was born where none is known."""
    return child.name or _("Child born %(year)s", year=child.birth_year)


def child_age(child: ChildFacts) -> str:
    """Its age; where only the year is known, the age that it reaches this year."""
    years = ngettext("%(num)d year", "%(num)d years", child.age)
    return years if child.is_age_exact else _("turns %(years)s this year", years=years)


def last_spoken(child: ChildFacts) -> str:
    """When somebody of the team last spoke with it."""
    if child.last_spoken_on is None:
        return _("not spoken with yet")
    return _("spoken with %(day)s", day=f"{child.last_spoken_on:%d.%m.%Y}")


def unspoken(count: int) -> str:
    """That nobody has spoken with so many children of a case for long (R-645)."""
    return ngettext(
        "Nobody has spoken with %(num)d child for 60 days",
        "Nobody has spoken with %(num)d children for 60 days",
        count,
    )


def init_app(app: Flask) -> None:
    """Templates name a child, its age and the last talk by these filters."""
    app.jinja_env.filters.update(child_name=child_name, child_age=child_age, last_spoken=last_spoken)
