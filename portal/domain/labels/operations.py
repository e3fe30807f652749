"""Words for what the portal does by itself."""

from portal.core.i18n import _
from portal.core.jobs import ScheduledJob
from portal.domain.labels.words import Words

WORDS: Words = (
    (ScheduledJob.EXPIRE_TASKS, _("Close tasks that nobody took")),
    (ScheduledJob.GUARD, _("Look through the watch list")),
    (ScheduledJob.LOWER_PROTECTION, _("Carry out lower protection")),
    (ScheduledJob.REMIND_PROTECTION, _("Remind of protection that runs out")),
    (ScheduledJob.HOUSEKEEPING, _("Take away what has served its time")),
    (ScheduledJob.PURGE_DRAFTS, _("Delete drafts left alone")),
    (ScheduledJob.REMIND_DEADLINES, _("Remind of deadlines")),
    (ScheduledJob.RETURN_OFFERS, _("Take back places without an answer")),
    (ScheduledJob.REVIEW_EMERGENCIES, _("Ask for a look at emergency access")),
    (ScheduledJob.SEND_OUTBOX, _("Send mail")),
    (ScheduledJob.TURN_FOLLOW_UPS, _("Open and close follow-ups")),
)
