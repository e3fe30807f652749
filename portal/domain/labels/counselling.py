"""Words for the statutory counselling."""

from portal.core.courses import CounsellingAnswer, CounsellingEnd
from portal.core.i18n import _
from portal.core.states import CounsellingState
from portal.domain.labels.words import Words

WORDS: Words = (
    (CounsellingState.NOT_OFFERED, _("Not offered yet")),
    (CounsellingState.OFFERED, _("Offered")),
    (CounsellingState.ACCEPTED, _("She said yes")),
    (CounsellingState.DECLINED, _("She said no")),
    (CounsellingState.NO_ANSWER, _("No answer")),
    (CounsellingState.STARTED, _("Begun")),
    (CounsellingState.ENDED, _("Ended")),
    (CounsellingAnswer.YES, _("Yes")),
    (CounsellingAnswer.NO, _("No")),
    (CounsellingAnswer.NO_ANSWER, _("She has not answered")),
    (CounsellingEnd.ESTABLISHED, _("She is established in her own home")),
    (CounsellingEnd.PERIOD_OVER, _("The period is over")),
    (CounsellingEnd.HER_WISH, _("She asked to stop")),
    (CounsellingEnd.MOVED_AWAY, _("She has moved away")),
    (CounsellingEnd.OTHER, _("Another reason")),
)
