"""Words for referrals, requests and programmes."""

from collections.abc import Mapping

from portal.core.audit_tags import Audit
from portal.core.i18n import _
from portal.core.kinds import (
    CriterionAnswer,
    DeclineFamily,
    DeclineReason,
    GivenReason,
    HerAnswer,
    MarkKind,
    MarkReason,
    ReferralSource,
    WaitingOrder,
    WithdrawReason,
)
from portal.core.states import EnrolmentState, RequestState
from portal.core.waiting import WaitReason
from portal.domain.labels.words import Words
from portal.domain.ladder import LEAD, NAMED, QUEUE

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
    (DeclineFamily.SERVICE, _("On our side")),
    (DeclineFamily.HERS, _("On her side")),
    (DeclineFamily.REFERRAL, _("In the referral")),
    (WaitingOrder.FIRST_COME, _("Whoever has waited longest comes first")),
    (WaitingOrder.LEAVING_DATE, _("Whoever moves first comes first")),
    (WaitingOrder.CHILDREN_FIRST, _("Whoever has most children along comes first")),
    (MarkKind.TAKEN_BEFORE, _("Taken before others")),
    (MarkKind.PASSED, _("Somebody was taken before her")),
    (MarkKind.SKIPPED, _("Not asked this time")),
    (MarkKind.STILL_WANTED, _("Asked: she still wants the place")),
    (MarkKind.PUT_FIRST, _("Put first by the lead")),
    (MarkKind.FIRST_ENDED, _("No longer put first")),
    (MarkReason.SAFETY, _("Her safety")),
    (MarkReason.MOVES_SOON, _("She must move soon")),
    (MarkReason.ONLY_SHE_FITS, _("The place fits her alone")),
    (MarkReason.ROOM_DOES_NOT_FIT, _("This place does not fit her")),
    (MarkReason.NOT_REACHED, _("She could not be reached")),
    (MarkReason.HER_WISH, _("Her own wish")),
    (MarkReason.OTHER, _("Something else")),
    (WaitReason.NO_ROOM, _("There is no room just now")),
    (WaitReason.NEXT_ROUND, _("The next course begins later")),
    (WaitReason.NOT_READY, _("Something must be in place first")),
    (WaitReason.HER_WISH, _("She wishes to wait")),
    (GivenReason.AWAY, _("Whoever had it is away")),
    (GivenReason.TOO_MUCH, _("Whoever had it has too much")),
    (GivenReason.KNOWS_IT, _("She knows the programme best")),
    (Audit.REQUEST_PUT_FIRST, _("Put first on the waiting list by the lead")),
    (Audit.REQUEST_FIRST_ENDED, _("No longer put first on the waiting list")),
    (Audit.REQUEST_GIVEN, _("Late request given to one person")),
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

# The rungs of the ladder while an answer is waited for.
RUNG_WORDS: Mapping[int, object] = {
    QUEUE: _("after 1 weekday: those who can take it"),
    LEAD: _("after 3 weekdays: the lead"),
    NAMED: _("after 5 weekdays: one person by name, and the sender"),
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
