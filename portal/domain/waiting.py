"""The waiting list: its order by the programme's rule, what the sender is told of it, and what goes against it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import MarkReason

# A no that was skipped over counts for the place that is free now, not for those to come.
SKIP_DAYS = 7
SHORTEST_REASON = 15
NEXT, SOON = 3, 10
SKIPS = (MarkReason.ROOM_DOES_NOT_FIT, MarkReason.NOT_REACHED, MarkReason.HER_WISH, MarkReason.SAFETY, MarkReason.OTHER)
JUMPS = (MarkReason.SAFETY, MarkReason.MOVES_SOON, MarkReason.ONLY_SHE_FITS, MarkReason.OTHER)


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
