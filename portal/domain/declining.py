"""Reasons for a no: on whose side they lie, and for how long the same programme is not asked again (R-694)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.core.kinds import DeclineFamily as F
from portal.core.kinds import DeclineReason as R

LONGEST_COOL_DOWN = 365


@dataclass(frozen=True, slots=True)
class Use:
    """How a reason is used: whose side, days of rest, and whether it can be chosen."""

    reason: R
    family: F
    cool_down_days: int
    is_active: bool = True


FAMILIES: Mapping[R, F] = {
    R.CAPACITY: F.SERVICE,
    R.SAFETY: F.SERVICE,
    R.HER_WISH: F.HERS,
    R.NOT_REACHED: F.HERS,
    R.CRITERIA: F.REFERRAL,
    R.OTHER_HELP_FITS: F.REFERRAL,
}
# Proposed; a house changes them for itself. A place that was missing or a wish that changes may be asked for at once.
USUAL_DAYS: Mapping[R, int] = {
    R.CAPACITY: 0,
    R.SAFETY: 30,
    R.HER_WISH: 0,
    R.NOT_REACHED: 14,
    R.CRITERIA: 60,
    R.OTHER_HELP_FITS: 30,
}


def usual(reason: R) -> Use:
    """The usual way to use a reason, where a house has said nothing."""
    return Use(reason, FAMILIES[reason], USUAL_DAYS[reason])


def cool_down_until(days: int, today: date) -> date | None:
    """The last day on which the same programme is not asked again; None where nothing rests (R-694)."""
    return today + timedelta(days=days) if days else None


def is_resting(until: date | None, today: date) -> bool:
    """Whether the programme that said no is left in peace about her today (R-694)."""
    return until is not None and today <= until
