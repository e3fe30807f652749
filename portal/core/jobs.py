"""Work that the portal does by itself."""

from enum import StrEnum


class ScheduledJob(StrEnum):
    """Work that the portal does by itself; each is declared in `portal/jobs/`."""

    EXPIRE_TASKS = "expire_tasks"
    GUARD = "guard"
    LOWER_PROTECTION = "lower_protection"
    REMIND_PROTECTION = "remind_protection"
    HOUSEKEEPING = "housekeeping"
    PURGE_DRAFTS = "purge_drafts"
    REMIND_DEADLINES = "remind_deadlines"
    RETURN_OFFERS = "return_offers"
    REVIEW_EMERGENCIES = "review_emergencies"
    SEND_OUTBOX = "send_outbox"
    TURN_FOLLOW_UPS = "turn_follow_ups"
