"""Words for what the portal does by itself."""

from portal.core.i18n import _
from portal.core.jobs import OutsideWork, ScheduledJob
from portal.domain.labels.words import Words

WORDS: Words = (
    (ScheduledJob.MISS_OFFERS, _("See who moved out without an offer of counselling")),
    (ScheduledJob.ANCHOR_AUDIT, _("Seal the audit trail outside")),
    (ScheduledJob.CHECK_AUDIT, _("Check the whole audit trail")),
    (ScheduledJob.CHECK_AUDIT_DAY, _("Check the last day of the audit trail")),
    (ScheduledJob.DRAW_SAMPLES, _("Draw samples of look-ups")),
    (ScheduledJob.MATCH_SURNAMES, _("Compare surnames of staff and parties")),
    (ScheduledJob.RAISE_ALERTS, _("Look for unusual use")),
    (ScheduledJob.SEAL_AUDIT, _("Tell the data-protection officers of the seal")),
    (ScheduledJob.ANSWER_CODE_WISHES, _("Tell administrators of forgotten passwords")),
    (ScheduledJob.EXPIRE_TASKS, _("Close tasks that nobody took")),
    (ScheduledJob.ASK_APART, _("Ask other teams whether two are kept apart")),
    (ScheduledJob.CALL_FOR_STATISTICS, _("Call for the statistics of the quarter")),
    (ScheduledJob.FIND_SILENCE, _("Find women whom nobody has reached for long")),
    (ScheduledJob.FIND_UNSPOKEN_CHILDREN, _("Find children whom nobody has spoken with")),
    (ScheduledJob.GUARD, _("Look through the watch list")),
    (ScheduledJob.LOWER_PROTECTION, _("Carry out lower protection")),
    (ScheduledJob.REMIND_PROTECTION, _("Remind of protection that runs out")),
    (ScheduledJob.SCAN_DOCUMENTS, _("Look through documents that wait for the malware scanner")),
    (ScheduledJob.HOUSEKEEPING, _("Take away what has served its time")),
    (ScheduledJob.PURGE_DRAFTS, _("Delete drafts left alone")),
    (ScheduledJob.PUBLISH_PROGRAMMES, _("Put programmes in force on their day")),
    (ScheduledJob.REMIND_DEADLINES, _("Remind of deadlines")),
    (ScheduledJob.RETENTION, _("Take away what is kept no longer")),
    (ScheduledJob.REVOKE_LEFT, _("End access for organisations that left")),
    (ScheduledJob.REVIEW_STAFF, _("Let unused roles sleep")),
    (ScheduledJob.TURN_ABSENCES, _("Begin and end deputies")),
    (ScheduledJob.CLIMB, _("Tell of referrals without an answer")),
    (ScheduledJob.TELL_OPENINGS, _("Tell of places that open")),
    (ScheduledJob.RETURN_OFFERS, _("Take back places without an answer")),
    (ScheduledJob.REVIEW_EMERGENCIES, _("Ask for a look at emergency access")),
    (ScheduledJob.RUN_IMPORTS, _("Open cases from spreadsheets")),
    (ScheduledJob.SEND_OUTBOX, _("Send mail")),
    (ScheduledJob.TEND_KEYS, _("Renew keys and seal with them")),
    (ScheduledJob.TURN_FOLLOW_UPS, _("Open and close follow-ups")),
    (OutsideWork.BACKUP, _("Backup, as reported")),
    (OutsideWork.RESTORE_DRILL, _("Trying to restore a backup, as reported")),
)
