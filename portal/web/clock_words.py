"""How long a clock runs, and what moved along with a change, in the reader's language."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.deadlines import DeadlineKind
from portal.domain.clocks import Unit
from portal.domain.labels import label
from portal.web.filters import day


def length(amount: int, unit: Unit, at_most: int | None = None) -> str:
    """Such as "3 weekdays" or "14 to 20 weeks"; nothing to wait for is "on the day itself"."""
    if not amount:
        return _("on the day itself")
    longest = at_most or amount
    said = _of_unit(longest, unit)
    return _("%(amount)d to %(longest)s", amount=amount, longest=said) if at_most else said


def _of_unit(amount: int, unit: Unit) -> str:
    if unit is Unit.WEEKDAYS:
        return ngettext("%(num)d weekday", "%(num)d weekdays", amount)
    if unit is Unit.WEEKS:
        return ngettext("%(num)d week", "%(num)d weeks", amount)
    if unit is Unit.MONTHS:
        return ngettext("%(num)d month", "%(num)d months", amount)
    if unit is Unit.DAYS:
        return ngettext("%(num)d day", "%(num)d days", amount)
    return ngettext("%(num)d hour", "%(num)d hours", amount)


def moved_along(rows: Iterable[tuple[DeadlineKind, date, date]]) -> str:
    """What moved along with a change of date, as a sentence; empty when nothing did (R-702).

    What stands on two people's lists is said once.
    """
    moved = [
        _("%(what)s from %(before)s to %(after)s", what=label(kind), before=day(before), after=day(after))
        for kind, before, after in rows
    ]
    return _("Moved along: %(moved)s.", moved="; ".join(dict.fromkeys(moved))) if moved else ""


def saved_and_moved(message: str, rows: Iterable[tuple[DeadlineKind, date, date]]) -> str:
    """What was saved, and which days have moved along with it."""
    return " ".join(filter(None, (message, moved_along(rows))))
