"""Events of the house: which may be planned, and who may be counted."""

from collections.abc import Collection
from datetime import datetime, timedelta

from portal.core.activities import ActivityKind, Guests
from portal.core.clock import local_date
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _

MOST_OTHERS = 500
EARLIEST = timedelta(days=92)
# A reunion is for those who have moved out: they are its guests whatever else is ticked.
NEEDS_GUESTS = {
    ActivityKind.REUNION_DAY: Guests.FORMER_RESIDENTS,
    ActivityKind.CHILDREN: Guests.CHILDREN,
    ActivityKind.RESIDENTS_MEETING: Guests.RESIDENTS,
}


def check_guests(kind: ActivityKind, guests: Collection[Guests]) -> None:
    """Raise Invalid when nobody is invited, or not those for whom such an event is (R-658)."""
    if not guests:
        raise Invalid(_("Choose for whom it is."), field="guests")
    needed = NEEDS_GUESTS.get(kind)
    if needed is not None and needed not in guests:
        raise Invalid(_("Such an event is not held without those for whom it is. Choose them too."), field="guests")


def check_begin(starts_at: datetime, now: datetime) -> None:
    """Raise Invalid for an event that would be written down more than three months late."""
    if starts_at < now - EARLIEST:
        raise Invalid(_("This is more than three months ago. Look at the date again."), field="day")


def check_registered(starts_at: datetime, others: int, now: datetime, *, is_cancelled: bool) -> None:
    """Raise NotNow before the day of the event or when it was called off, Invalid for an impossible number (R-658)."""
    if is_cancelled:
        raise NotNow(_("The event was called off."))
    if local_date(starts_at) > local_date(now):
        raise NotNow(_("The event has not come yet."))
    if not 0 <= others <= MOST_OTHERS:
        raise Invalid(_("Write a number from 0 to 500."), field="others")
