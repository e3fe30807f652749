"""Words for groups."""

from portal.core.i18n import _
from portal.core.states import RoundState
from portal.domain.groups import RoundAction
from portal.domain.labels.words import Words

WORDS: Words = (
    (RoundState.PLANNED, _("Being planned")),
    (RoundState.ENROLLING, _("Open for participants")),
    (RoundState.CONFIRMED, _("Will be held")),
    (RoundState.RUNNING, _("Running")),
    (RoundState.COMPLETED, _("Completed")),
    (RoundState.CANCELLED, _("Will not be held")),
    (RoundAction.OPEN, _("Let participants in")),
    (RoundAction.CONFIRM, _("Confirm the round")),
    (RoundAction.START, _("Begin the round")),
    (RoundAction.COMPLETE, _("Complete the round")),
    (RoundAction.CANCEL, _("Cancel the round")),
    (RoundAction.PLACE, _("Give a seat")),
    (RoundAction.LEAVE, _("She leaves the group")),
)
