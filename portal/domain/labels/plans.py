"""Words for her plan."""

from portal.core.i18n import _
from portal.core.plans import GoalState
from portal.domain.labels.words import Words

WORDS: Words = (
    (GoalState.OPEN, _("Not begun")),
    (GoalState.IN_PROGRESS, _("Worked for")),
    (GoalState.REACHED, _("Reached in full")),
    (GoalState.PARTLY_REACHED, _("Partly reached")),
    (GoalState.DROPPED, _("Dropped")),
)
