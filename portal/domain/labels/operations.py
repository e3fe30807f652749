"""Words for what the portal does by itself."""

from portal.core.i18n import _
from portal.core.jobs import ScheduledJob
from portal.domain.labels.words import Words

WORDS: Words = (
    (ScheduledJob.EXPIRE_TASKS, _("Close tasks that nobody took")),
    (ScheduledJob.HOUSEKEEPING, _("Take away what has served its time")),
    (ScheduledJob.PURGE_DRAFTS, _("Delete drafts left alone")),
    (ScheduledJob.REMIND_DEADLINES, _("Remind of deadlines")),
    (ScheduledJob.REVOKE_LEFT, _("End access for organisations that left")),
    (ScheduledJob.REVIEW_STAFF, _("Let unused roles sleep")),
    (ScheduledJob.TURN_ABSENCES, _("Begin and end deputies")),
    (ScheduledJob.RETURN_OFFERS, _("Take back places without an answer")),
    (ScheduledJob.SEND_OUTBOX, _("Send mail")),
    (ScheduledJob.TURN_FOLLOW_UPS, _("Open and close follow-ups")),
)
