"""Words for referrals, requests and programmes."""

from collections.abc import Mapping

from portal.core.i18n import _
from portal.core.kinds import CriterionAnswer, DeclineReason, HerAnswer, ReferralSource, WithdrawReason
from portal.core.states import EnrolmentState, RequestState
from portal.domain.labels.words import Words

WORDS: Words = (
    (RequestState.DRAFT, _("Draft")),
    (RequestState.SUBMITTED, _("Sent")),
    (RequestState.NEEDS_INFO, _("Waits for the sender")),
    (RequestState.IN_VISITATION, _("Being assessed")),
    (RequestState.OFFERED, _("Place offered")),
    (RequestState.ACCEPTED, _("Accepted")),
    (RequestState.WAITLISTED, _("On the waiting list")),
    (RequestState.DECLINED, _("Declined")),
    (RequestState.WITHDRAWN, _("Withdrawn")),
    (RequestState.LAPSED, _("Lapsed")),
    (RequestState.REDIRECTED, _("Sent on")),
    (ReferralSource.SHELTER, _("The crisis centre")),
    (ReferralSource.MUNICIPALITY, _("The municipality")),
    (ReferralSource.SELF, _("She herself")),
    (ReferralSource.RELATIVE, _("A relative")),
    (CriterionAnswer.MET, _("Met")),
    (CriterionAnswer.NOT_MET, _("Not met")),
    (CriterionAnswer.UNKNOWN, _("Not known yet")),
    (HerAnswer.NOT_ASKED, _("Not asked yet")),
    (HerAnswer.YES, _("Yes, she would like it")),
    (HerAnswer.NO, _("No, she would not")),
    (HerAnswer.THINKING, _("She is thinking about it")),
    (DeclineReason.CRITERIA, _("The criteria are not met")),
    (DeclineReason.CAPACITY, _("There is no room")),
    (DeclineReason.OTHER_HELP_FITS, _("Other help fits better")),
    (DeclineReason.SAFETY, _("Safety")),
    (DeclineReason.HER_WISH, _("Her own wish")),
    (DeclineReason.NOT_REACHED, _("She could not be reached")),
    (WithdrawReason.HER_WISH, _("Her own wish")),
    (WithdrawReason.OTHER_HELP, _("She gets other help")),
    (WithdrawReason.MOVED_AWAY, _("She has moved away")),
    (WithdrawReason.MISTAKE, _("It was sent by mistake")),
)

# What the sender reads of a course: that it has begun, or that it has ended.
PROGRESS: Mapping[EnrolmentState, object] = {
    EnrolmentState.PROPOSED: _("not begun yet"),
    EnrolmentState.ACTIVE: _("begun"),
    EnrolmentState.PAUSED: _("begun"),
    EnrolmentState.COMPLETED: _("ended"),
    EnrolmentState.ENDED_EARLY: _("ended"),
    EnrolmentState.TRANSFERRED: _("ended"),
    EnrolmentState.NEVER_STARTED: _("ended"),
}

COLOURS: Mapping[RequestState, str] = {
    RequestState.ACCEPTED: "green",
    RequestState.OFFERED: "green",
    RequestState.NEEDS_INFO: "warm",
    RequestState.WAITLISTED: "warm",
}

TABS: Mapping[str, object] = {
    "new": _("New"),
    "mine": _("Mine"),
    "sender": _("Waiting for the sender"),
    "offered": _("Offered"),
    "waiting": _("Waiting list"),
    "decided": _("Decided, 30 days"),
}

STEPS: tuple[object, ...] = (
    _("Who"),
    _("What does she need"),
    _("Programmes and criteria"),
    _("Safety"),
    _("Consent and send"),
)
