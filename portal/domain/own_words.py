"""Words for what a woman reads of herself: the interface speaks of her, what is handed out speaks to her (R-560).

Every coded value that a row about her can hold has its words here or in `labels`: `CODES` and `NAMED` for columns that
store a code as plain text, `OWN` where the interface's word says "she".
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.core.contacts import ContactTheme, Party, ShareBasis
from portal.core.courses import CounsellingEnd, MissingCheck
from portal.core.enquiries import ChildBand, Conclusion, EnquiryAsker, RejectReason
from portal.core.i18n import _
from portal.core.kinds import (
    ConsentPurpose,
    ContactResult,
    DeclineReason,
    EndReason,
    HerAnswer,
    MarkKind,
    MarkReason,
    MayAnswer,
    MeetingCancelReason,
    NeedArea,
    PayeeKind,
    PlaceKind,
    ReferralSource,
    WithdrawReason,
)
from portal.core.measures import AskedHow, CtiArea, InstrumentKey, ViolenceForm
from portal.core.notes import TookPart
from portal.core.pages import Page
from portal.core.papers import PassingBasis
from portal.core.people import TransferBasis
from portal.core.plans import RatedBy
from portal.core.rights import Capacity, ConsentScope, IdentityCheck, RetentionRule, RightsKind
from portal.core.risk import AssessmentMoment, PlanHome, PoliceTold, ReviewReason, ViolenceKind
from portal.core.safety import BreakGlassReason
from portal.core.standing import StandingKind, StandingSource
from portal.core.states import CounsellingState, FollowUpState, FurnishingState, MeetingState
from portal.core.stays import (
    AdmissionReason,
    CivilOffer,
    CounsellingAtExit,
    DelayReason,
    GrantPrompt,
    LinkReason,
    PsychologistOffer,
)
from portal.core.waiting import WaitReason
from portal.domain import housing, stays
from portal.domain.disclosure import Relation
from portal.domain.furnishing import Room, Source
from portal.domain.labels import word
from portal.domain.labels.safety import PROTECTION
from portal.domain.subject_headings import Heading

Place = tuple[str, str]

# The vocabularies behind codes that are stored as plain text, tried in their order.
CODES: Mapping[Place, tuple[type[StrEnum], ...]] = {
    ("consent", "scope"): (ConsentScope,),
    ("coordinating_counselling", "areas"): (NeedArea,),
    ("coordinating_counselling", "end_reason"): (CounsellingEnd,),
    ("enquiry", "child_bands"): (ChildBand,),
    ("enquiry", "conclusions"): (Conclusion,),
    ("enquiry", "reject_reasons"): (RejectReason,),
    ("enquiry", "violence_forms"): (ViolenceForm,),
    ("follow_up", "mode"): (AskedHow,),
    ("furnishing_item", "room"): (Room,),
    ("furnishing_item", "source"): (Source,),
    ("note", "themes"): (NeedArea,),
    ("note", "took_part"): (TookPart,),
    ("outside_contact", "themes"): (ContactTheme,),
    ("phase_plan", "areas"): (CtiArea,),
    ("referral", "needs"): (NeedArea,),
    ("request_event", "reason"): (DeclineReason, WithdrawReason, WaitReason),
    ("stay", "admission_reasons"): (AdmissionReason,),
    ("stay", "destination"): (stays.Destination,),
    ("tenancy", "destination"): (housing.Destination,),
    ("violence_report", "kinds"): (ViolenceKind,),
}
NAMED: Mapping[Place, Mapping[Any, object]] = {
    ("client", "protection_level"): PROTECTION,
    ("protection_change", "to_level"): PROTECTION,
    ("safe_contact_way", "days"): {"any": _("Every day"), "weekdays": _("Weekdays only")},
    ("statutory_notice", "kind"): {"admission": _("Notice of admission"), "discharge": _("Notice of discharge")},
}
# Answers that stand at the measure with the words of their question already; here they would come twice.
TOLD_ELSEWHERE = frozenset({"measure_value"})
# The rules of which she reads: how long what is about her is kept, and no word of anybody else.
KEPT_OF_HER = (
    RetentionRule.R1,
    RetentionRule.R3,
    RetentionRule.R4,
    RetentionRule.R5,
    RetentionRule.R7,
    RetentionRule.R10,
    RetentionRule.R13,
    RetentionRule.R14,
    RetentionRule.R16,
)
_HARDLY = _("Few signs of it. An indication, not a diagnosis.")
# What a score points to, by form.
BANDS: Mapping[InstrumentKey, Mapping[str, object]] = {
    InstrumentKey.EXPOSURE: {"none": _("Nothing of it has happened"), "any": _("Some of it has happened")},
    InstrumentKey.WHO5: {
        "very_poor": _("Very low wellbeing"),
        "poor": _("Low wellbeing"),
        "good": _("Good wellbeing"),
    },
    InstrumentKey.UCLA3: {
        "severe": _("Very lonely"),
        "lonely": _("Lonely"),
        "not_lonely": _("Not lonely"),
    },
    InstrumentKey.ITQ: {
        "none": _HARDLY,
        "ptsd": _("Signs of PTSD. An indication, not a diagnosis."),
        "cptsd": _("Signs of complex PTSD. An indication, not a diagnosis."),
    },
    InstrumentKey.PCL5: {"low": _HARDLY, "high": _("Signs of PTSD. An indication, not a diagnosis.")},
}
OWN: Mapping[tuple[type[StrEnum], str], object] = {
    (type(value), value): said
    for value, said in (
        (Page.IDENTITY, _("Who you are")),
        (Page.CHILDREN, _("Your children")),
        (Page.OVERVIEW, _("Overview for you, on paper")),
        (RatedBy.HER, _("You say")),
        (MayAnswer.HERSELF, _("Only you yourself")),
        (MayAnswer.NAMED, _("Also somebody you have named")),
        (ReviewReason.SAFETY_QUESTIONS, _("What you answered in a talk")),
        (ReviewReason.NEW_ADDRESS, _("You have a new address")),
        (ReviewReason.MOVED, _("You have moved")),
        (AssessmentMoment.BEFORE_EXIT, _("Before you move out")),
        (PlanHome.OWN_HOME, _("Your own home")),
        (PoliceTold.NOT_WANTED, _("You did not want it")),
        (Page.PLAN, _("Your plan")),
        (Page.BRIDGE, _("Before you leave")),
        (ShareBasis.NOTHING_TOLD, _("Nothing about you was told")),
        (ShareBasis.CONSENT, _("Told, with your consent")),
        (CounsellingAtExit.ACCEPTED, _("Offered, and you said yes")),
        (CounsellingAtExit.DECLINED, _("Offered, and you said no")),
        (Party.OWN_MUNICIPALITY, _("Your municipality")),
        (DelayReason.NONE, _("You left when you were ready")),
        (DelayReason.SAFETY, _("Your safety")),
        (CivilOffer.YES, _("Asked, and you said yes")),
        (CivilOffer.DECLINED, _("Asked, and you said no")),
        (PsychologistOffer.OFFERED, _("Offered to you")),
        (PsychologistOffer.DECLINED, _("Offered, and you do not want it")),
        (EnquiryAsker.HERSELF, _("You yourself")),
        (TookPart.HER, _("You yourself")),
        (TookPart.NETWORK, _("Your family or friends")),
        (LinkReason.SAFETY, _("Moved for your safety")),
        (GrantPrompt.DECLINED, _("You do not want it")),
        (Page.MOVE, _("Move to your own home")),
        (Page.SHEET, _("Your next dates on paper")),
        (Page.LOOKS_REPORT, _("Your report of who looked")),
        (Relation.TT, _("Leads a course of yours")),
        (ConsentPurpose.FOLLOW_UP, _("We may ask you how you are, also after the end")),
        (ConsentPurpose.STATISTICS, _("Your answers may be counted, without your name")),
        (ContactResult.REACHED, _("You were reached")),
        (ContactResult.NOT_REACHED, _("You were not reached")),
        (stays.Destination.OWN_HOME, _("A home of your own")),
        (housing.Destination.OWN_HOME, _("A home of your own")),
        (housing.Destination.BACK_TO_PARTNER, _("Back to the one you left")),
        (CounsellingState.ACCEPTED, _("You said yes")),
        (CounsellingState.DECLINED, _("You said no")),
        (CounsellingState.LATER, _("You want to be asked again later")),
        (CounsellingState.NO_ANSWER, _("You were not reached")),
        (CounsellingEnd.RETURNED, _("You came back to a centre")),
        (CounsellingEnd.ESTABLISHED, _("You are established in your own home")),
        (CounsellingEnd.HER_WISH, _("You asked to stop")),
        (CounsellingEnd.MOVED_AWAY, _("You have moved away")),
        (PassingBasis.CONSENT, _("Your consent")),
        (EndReason.HER_WISH, _("You asked to stop")),
        (EndReason.MOVED_AWAY, _("You have moved away")),
        (EndReason.SAFETY, _("For your safety")),
        (EndReason.DIED, _("Death")),
        (MissingCheck.NOT_REACHED, _("You could not be reached safely")),
        (MissingCheck.NOT_WANTED, _("You did not want to")),
        (FollowUpState.DIED, _("Death")),
        (FollowUpState.DECLINED, _("You did not want to")),
        (FollowUpState.UNREACHABLE, _("You were not reached")),
        (AskedHow.ALONE, _("You answered alone")),
        (FurnishingState.DESIGNED, _("Plan shown to you")),
        (PayeeKind.CENTRE, _("The centre, on your behalf")),
        (PayeeKind.HER_ACCOUNT, _("Your own account")),
        (InstrumentKey.PROBLEM_RATING, _("Your own ratings")),
        (PlaceKind.HER_HOME, _("at your home")),
        (MeetingState.NOT_MET, _("You did not come")),
        (MeetingCancelReason.DIED, _("Death")),
        (StandingKind.DIED, _("Death")),
        (StandingKind.MOVED_ABROAD, _("You have moved abroad")),
        (StandingSource.FAMILY, _("Your family")),
        (MeetingCancelReason.HER_WISH, _("Your own wish")),
        (TransferBasis.FRESH_CONSENT, _("You have said yes anew")),
        (ReferralSource.SELF, _("You yourself")),
        (HerAnswer.YES, _("Yes, you would like it")),
        (HerAnswer.NO, _("No, you would not")),
        (HerAnswer.THINKING, _("You are thinking about it")),
        (MarkKind.PASSED, _("Somebody was taken before you")),
        (MarkKind.STILL_WANTED, _("You were asked and still want the place")),
        (MarkReason.SAFETY, _("For safety")),
        (MarkReason.MOVES_SOON, _("A move that was near")),
        (MarkReason.ONLY_SHE_FITS, _("The place fitted one alone")),
        (MarkReason.ROOM_DOES_NOT_FIT, _("The place did not fit you")),
        (MarkReason.NOT_REACHED, _("You could not be reached")),
        (MarkReason.HER_WISH, _("Your own wish")),
        (DeclineReason.HER_WISH, _("Your own wish")),
        (DeclineReason.NOT_REACHED, _("You could not be reached")),
        (WithdrawReason.HER_WISH, _("Your own wish")),
        (WaitReason.HER_WISH, _("You wish to wait")),
        (WithdrawReason.OTHER_HELP, _("You get other help")),
        (WithdrawReason.MOVED_AWAY, _("You have moved away")),
        (RightsKind.ACCESS, _("Access to your own data")),
        (Capacity.HERSELF, _("You yourself")),
        (IdentityCheck.KNOWN, _("The team knows you")),
        (ConsentScope.IDENTITY, _("Who you are: name and birth year")),
        (ConsentScope.CONTACT, _("How you may be reached safely")),
        (ConsentScope.CHILDREN, _("Your children: number, age, needs")),
        (ConsentScope.SAFETY, _("How dangerous it is for you at present")),
        (ConsentScope.NEEDS, _("What you need and wish")),
        (ConsentScope.SCORES, _("Your answers in the follow-ups")),
        (Heading.WHO, _("Who you are")),
        (Heading.CONTACT, _("How you may be reached")),
        (Heading.CASE, _("Your case")),
        (Heading.TRAIL, _("Opened in an emergency")),
        (BreakGlassReason.ACUTE_DANGER, _("You or a child was in danger")),
        (BreakGlassReason.PRIMARY_UNREACHABLE, _("Your caseworker could not be reached")),
    )
}


def own_word(value: StrEnum) -> object:
    """The word for a value in what is handed out to her. Raises KeyError for a value without a word."""
    return OWN.get((type(value), value)) or word(value)


def own_label(value: StrEnum | None) -> str:
    """The same in the reader's language; empty for nothing."""
    return "" if value is None else str(own_word(value))


def code_word(table: str, column: str, code: str | int) -> str | None:
    """The word for a code that a column stores as plain text or number; None where the column holds no code."""
    named = NAMED.get((table, column), {}).get(code)
    if named is not None:
        return str(named)
    kinds = CODES.get((table, column), ())
    return next((own_label(kind(code)) for kind in kinds if code in set(kind)), None)
