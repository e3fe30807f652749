"""Money is whole øre. Typed amounts are read or refused, never guessed."""

import re
from decimal import ROUND_HALF_UP, Decimal

from portal.core.i18n import _
from portal.core.problems import Problem

LIMIT_ORE = 10_000_000 * 100
# Thousands are set apart by points or by spaces, not by both. "kr." and ",-" may follow.
_KRONER = re.compile(
    r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]+)(?:,(?:[0-9]{1,2}|-))?", re.ASCII
)
_UNIT = re.compile(r"(?:kr\.?|kroner)$", re.IGNORECASE)


class MoneyProblem(Problem):
    """An amount that cannot be read or is out of bounds."""


def parse_kroner(text: str) -> int:
    """Øre from Danish notation: "1.234,50" and "1 234,50" are 123450 (R-055).

    Raises MoneyProblem: `unreadable`, also for "1234.50", which could mean two things; `not_positive`; `too_large`
    from ten million kroner.
    """
    typed = _UNIT.sub("", text.strip()).rstrip()
    if not _KRONER.fullmatch(typed):
        raise MoneyProblem("unreadable", _("Write the amount in kroner with a comma before the øre, such as 1.234,50."))
    digits = re.sub(r"[.\s]", "", typed.removesuffix(",-")).replace(",", ".")
    if len(digits) > 12:
        raise MoneyProblem("too_large", _("Write an amount below 10 million kroner."))
    ore = int(Decimal(digits) * 100)
    if ore == 0:
        raise MoneyProblem("not_positive", _("Write an amount above 0 kroner."))
    if ore >= LIMIT_ORE:
        raise MoneyProblem("too_large", _("Write an amount below 10 million kroner."))
    return ore


def format_kroner(ore: int) -> str:
    """Øre as Danes write kroner: "6.400 kr.", "6.400,50 kr."; øre only where there are some."""
    kroner, rest = divmod(abs(ore), 100)
    sign = "-" if ore < 0 else ""
    cents = f",{rest:02d}" if rest else ""
    return f"{sign}{kroner:,}".replace(",", ".") + f"{cents} kr."


def share(ore: int, *, part: int, whole: int) -> int:
    """The part of an amount, in øre, half an øre rounded away from nought. `whole` is above 0."""
    if whole <= 0:
        raise ValueError("a share needs a whole above 0")
    return int((Decimal(ore) * part / whole).quantize(Decimal(1), ROUND_HALF_UP))
