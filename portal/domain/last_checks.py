"""A last look at her safety before a course ends early: when one is asked for, and what stands in its place (R-785)."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.core.courses import MissingCheck
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import EndReason

# How old the last look at her safety may be on the last day of the course.
CHECK_DAYS = 14


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Why no look could be taken, and for one that was made elsewhere, by whom."""

    reason: MissingCheck
    by: str | None = None


def is_asked_for(reason: EndReason, planned_end_on: date | None, ended_on: date) -> bool:
    """Whether a course that ends like this asks for a look at her safety: before its time, unless she has died."""
    if reason is EndReason.DIED:
        return False
    return reason is not EndReason.COMPLETED or (planned_end_on is not None and ended_on < planned_end_on)


def counts_from(ended_on: date) -> date:
    """The first day whose look at her safety counts for a course with this last day."""
    return ended_on - timedelta(days=CHECK_DAYS)


def check_unchecked(unchecked: Unchecked | None) -> Unchecked:
    """What is said in place of a look. Raises Invalid for nothing said, or "elsewhere" without by whom (R-785)."""
    if unchecked is None:
        raise Invalid(
            _("Nobody has looked at her safety in the last 14 days. Do it now, or say why it could not be done."),
            field="unchecked",
        )
    if unchecked.reason is MissingCheck.ELSEWHERE and not (unchecked.by or "").strip():
        raise Invalid(_("Write who did it."), field="checked_by")
    return unchecked
