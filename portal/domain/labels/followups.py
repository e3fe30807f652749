"""Words for follow-ups: how they stand, how they were answered, why they were not."""

from portal.core.i18n import _
from portal.core.measures import AskedHow
from portal.core.states import FollowUpState
from portal.domain.labels.words import Words

WORDS: Words = (
    (FollowUpState.PLANNED, _("Planned")),
    (FollowUpState.DUE, _("Can be filled in")),
    (FollowUpState.COMPLETED, _("Filled in")),
    (FollowUpState.PARTLY_COMPLETED, _("Partly filled in")),
    (FollowUpState.DECLINED, _("She did not want to")),
    (FollowUpState.UNREACHABLE, _("Not reached")),
    (FollowUpState.SKIPPED_UNSAFE, _("Not safe to ask")),
    (FollowUpState.DIED, _("She has died")),
    (FollowUpState.EXPIRED, _("The days passed without an answer")),
    (FollowUpState.CANCELLED, _("Called off")),
    (AskedHow.TOGETHER, _("Together")),
    (AskedHow.PHONE, _("By telephone")),
    (AskedHow.ALONE, _("She answered alone")),
)
