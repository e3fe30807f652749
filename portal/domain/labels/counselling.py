"""Words for the statutory counselling."""

from collections.abc import Mapping

from portal.core.courses import CounsellingAnswer, CounsellingEnd, OfferWay
from portal.core.i18n import _
from portal.core.states import CounsellingState
from portal.domain.counselling import DeskGroup
from portal.domain.labels.words import Words

WORDS: Words = (
    (CounsellingState.NOT_OFFERED, _("Not offered yet")),
    (CounsellingState.OFFERED, _("Offered")),
    (CounsellingState.ACCEPTED, _("She said yes")),
    (CounsellingState.DECLINED, _("She said no")),
    (CounsellingState.LATER, _("Ask her again later")),
    (CounsellingState.NO_ANSWER, _("Not reached")),
    (CounsellingState.STARTED, _("Begun")),
    (CounsellingState.ENDED, _("Ended")),
    (DeskGroup.NEW, _("No offer yet")),
    (DeskGroup.WAITING, _("Wait for her answer")),
    (DeskGroup.ASK_AGAIN, _("Ask again")),
    (DeskGroup.AGREED, _("To be begun")),
    (DeskGroup.STARTED, _("Begun")),
    (DeskGroup.ENDING, _("Near the end")),
    (DeskGroup.PROMISES, _("Authorities' promises")),
    (CounsellingAnswer.YES, _("Yes")),
    (CounsellingAnswer.NO, _("No")),
    (CounsellingAnswer.LATER, _("Not now: ask her again on a day")),
    (CounsellingAnswer.NO_ANSWER, _("She was not reached")),
    (CounsellingEnd.ESTABLISHED, _("She is established in her own home")),
    (CounsellingEnd.PERIOD_OVER, _("The period is over")),
    (CounsellingEnd.HER_WISH, _("She asked to stop")),
    (CounsellingEnd.MOVED_AWAY, _("She has moved away")),
    (CounsellingEnd.RETURNED, _("She came back to a centre")),
    (CounsellingEnd.OTHER, _("Another reason")),
    (OfferWay.IN_PERSON, _("In a talk")),
    (OfferWay.PHONE, _("By telephone")),
    (OfferWay.LETTER, _("By letter or Digital Post")),
    (OfferWay.THROUGH_CENTRE, _("Through the centre")),
)

# The figures of `domain/counselling_figures.py`, and the headings of their parts.
FIGURES: Mapping[str, object] = {
    "moved_out": _("Women who moved out"),
    "offered": _("Offered"),
    "not_offered": _("Not offered"),
    "waiting": _("Offered, and no answer yet"),
    "accepted": _("Said yes"),
    "declined": _("Said no"),
    "later": _("Wants to be asked later"),
    "not_reached": _("Was not reached"),
    "started": _("Begun"),
    "not_started": _("Said yes, and not begun yet"),
    "start_before": _("Begun by the day she left"),
    "start_7": _("Within a week"),
    "start_30": _("After 8 to 30 days"),
    "start_91": _("After 31 to 91 days"),
    "start_more": _("After more than 91 days"),
    "length_30": _("Up to 30 days"),
    "length_91": _("31 to 91 days"),
    "length_183": _("92 to 183 days"),
    "length_366": _("184 to 366 days"),
    "length_more": _("More than 366 days"),
    "running": _("Still running"),
    **{f"ended_{reason.value}": said for reason, said in WORDS if isinstance(reason, CounsellingEnd)},
}
PARTS: Mapping[str, object] = {
    "offer": _("Offered when they moved out"),
    "answer": _("What they answered"),
    "start": _("How soon it began"),
    "length": _("How long it has run"),
    "end": _("How it ended"),
}
