"""Work that the portal does by itself."""

from enum import StrEnum


class ScheduledJob(StrEnum):
    """Work that the portal does by itself; each is declared in `portal/jobs/`."""

    EXPIRE_TASKS = "expire_tasks"
    HOUSEKEEPING = "housekeeping"
    PURGE_DRAFTS = "purge_drafts"
    REMIND_DEADLINES = "remind_deadlines"
    REVOKE_LEFT = "revoke_left"
    REVIEW_STAFF = "review_staff"
    TURN_ABSENCES = "turn_absences"
    RETURN_OFFERS = "return_offers"
    SEND_OUTBOX = "send_outbox"
    TURN_FOLLOW_UPS = "turn_follow_ups"
