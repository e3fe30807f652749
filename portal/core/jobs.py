"""Work that the portal does by itself."""

from enum import StrEnum


class ScheduledJob(StrEnum):
    """Work that the portal does by itself; each is declared in `portal/jobs/`."""

    ANCHOR_AUDIT = "anchor_audit"
    CHECK_AUDIT = "check_audit"
    FIND_UNSPOKEN_CHILDREN = "find_unspoken_children"
    FIND_SILENCE = "find_silence"
    CALL_FOR_STATISTICS = "call_for_statistics"
    ASK_APART = "ask_apart"
    CHECK_AUDIT_DAY = "check_audit_day"
    DRAW_SAMPLES = "draw_samples"
    ANSWER_CODE_WISHES = "answer_code_wishes"
    EXPIRE_TASKS = "expire_tasks"
    GUARD = "guard"
    LOWER_PROTECTION = "lower_protection"
    REMIND_PROTECTION = "remind_protection"
    HOUSEKEEPING = "housekeeping"
    PURGE_DRAFTS = "purge_drafts"
    PUBLISH_PROGRAMMES = "publish_programmes"
    MISS_OFFERS = "miss_offers"
    MATCH_SURNAMES = "match_surnames"
    RAISE_ALERTS = "raise_alerts"
    REMIND_DEADLINES = "remind_deadlines"
    RETENTION = "retention"
    SCAN_DOCUMENTS = "scan_documents"
    REVOKE_LEFT = "revoke_left"
    REVIEW_STAFF = "review_staff"
    TURN_ABSENCES = "turn_absences"
    CLIMB = "climb"
    TELL_OPENINGS = "tell_openings"
    RETURN_OFFERS = "return_offers"
    REVIEW_EMERGENCIES = "review_emergencies"
    RUN_IMPORTS = "run_imports"
    SEND_OUTBOX = "send_outbox"
    SEAL_AUDIT = "seal_audit"
    TEND_KEYS = "tend_keys"
    TURN_FOLLOW_UPS = "turn_follow_ups"


class OutsideWork(StrEnum):
    """Work that is done outside the portal and reported to it on the command line."""

    BACKUP = "backup"
    RESTORE_DRILL = "restore_drill"
