"""Opening a case in an emergency: who, how long, how often, and who looks at it afterwards (security rule 2.8)."""

from datetime import datetime, timedelta
from typing import Any

from portal.core.i18n import _

LASTS = timedelta(minutes=60)
REVIEW_WITHIN = timedelta(hours=48)
QUOTA = 3
QUOTA_DAYS = 30
SHORTEST_REASON, LONGEST_REASON = 20, 300


def refusal(*, used: int, oldest_unreviewed: datetime | None, now: datetime) -> Any:
    """Why this person may not use emergency access at present, or None (R-377).

    Three times in thirty days; and not while one of hers has waited for more than 48 hours to be looked at.
    """
    if used >= QUOTA:
        return _("You have used emergency access three times in thirty days. Call the safety officer.")
    if oldest_unreviewed is not None and now - oldest_unreviewed > REVIEW_WITHIN:
        return _("An earlier emergency access of yours has not been looked at yet. Call the safety officer.")
    return None
