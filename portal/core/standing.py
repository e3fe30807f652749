"""What has become of her so that she is not reached as before: kinds and sources. Stored by value."""

from enum import StrEnum


class StandingKind(StrEnum):
    """What stands over a case, whatever its state."""

    DIED = "died"
    MOVED_ABROAD = "moved_abroad"


class StandingSource(StrEnum):
    """From whom the house knows it."""

    AUTHORITY = "authority"
    FAMILY = "family"
    OTHER = "other"
