"""The waiting list: its order by the programme's rule, what the sender is told of it, and what goes against it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import CriterionAnswer, MarkReason
from portal.domain.programmes import read
from portal.domain.words import Worded

# A no that was skipped over counts for the place that is free now, not for those to come.
SKIP_DAYS = 7
SHORTEST_REASON = 15
NEXT, SOON = 3, 10
SKIPS = (MarkReason.ROOM_DOES_NOT_FIT, MarkReason.NOT_REACHED, MarkReason.HER_WISH, MarkReason.SAFETY, MarkReason.OTHER)
JUMPS = (MarkReason.SAFETY, MarkReason.MOVES_SOON, MarkReason.ONLY_SHE_FITS, MarkReason.OTHER)

# Why a lead puts somebody first for as long as she waits: a code, for a lead reads nothing of her.
PRIORITIES = (MarkReason.SAFETY, MarkReason.MOVES_SOON, MarkReason.ONLY_SHE_FITS)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands between somebody who waits and a place: criteria not met or not known, talks not held (R-778)."""

    not_met: tuple[Worded, ...]
    not_known: tuple[Worded, ...]
    not_held: tuple[Worded, ...]

    @property
    def could_start(self) -> bool:
        """Whether nothing that is noted stands in the way."""
        return not (self.not_met or self.not_known or self.not_held)


class Band(StrEnum):
    """About where somebody stands: nothing of who else waits."""

    NEXT = "next"
    SOON = "soon"
    LATER = "later"


def band(position: int | None) -> Band | None:
    """What the sender is told of the place on the list; never the number (R-692)."""
    if position is None:
        return None
    return Band.NEXT if position <= NEXT else Band.SOON if position <= SOON else Band.LATER


def skipped_since(now: datetime) -> datetime:
    """From when a skip still counts for the place that is free now (R-693)."""
    return now - timedelta(days=SKIP_DAYS)


def check_reason(reason: MarkReason | None, text: str | None, *, known: Collection[MarkReason]) -> None:
    """Raise Invalid (`reason`, `text`) unless going against the list is explained: a code and a sentence (R-693)."""
    if reason not in known:
        raise Invalid(_("Others have waited longer. Say why she comes before them."), field="reason")
    if len((text or "").strip()) < SHORTEST_REASON:
        raise Invalid(_("Write a sentence of at least 15 characters."), field="text")


def standing(rules: Mapping[str, Any], criteria: Mapping[str, str], held: Mapping[str, Any]) -> Standing:
    """Why she could start now or could not, by the rules that her request began with (R-778).

    A criterion whose answer is not kept says nothing here: it is asked anew before a place is offered.
    """
    known = read(rules)
    answers = {one: criteria.get(one.key, CriterionAnswer.UNKNOWN.value) for one in known.kept_criteria}
    return Standing(
        tuple(one for one, answer in answers.items() if answer == CriterionAnswer.NOT_MET.value),
        tuple(one for one, answer in answers.items() if answer == CriterionAnswer.UNKNOWN.value),
        tuple(step for step in known.steps if step.key not in held),
    )


def check_priority(reason: MarkReason | None) -> None:
    """Raise Invalid (`reason`) unless being put first has one of its reasons (R-779)."""
    if reason not in PRIORITIES:
        raise Invalid(_("Say why she comes before everybody else."), field="reason")
