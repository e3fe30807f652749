"""Words for what keeps people apart who must not meet."""

from collections.abc import Mapping

from portal.core.audit_tags import Audit
from portal.core.i18n import _
from portal.core.safety import (
    ApartAnswer,
    ApartKind,
    ApartState,
    BreakGlassReason,
    HitState,
    OfficersPart,
    OnTheWay,
    PlacementPath,
    Verdict,
    WatchedRelation,
    WatchMatch,
    WhoShePart,
)
from portal.domain.labels.words import Words

WORDS: Words = (
    (BreakGlassReason.ACUTE_DANGER, _("She or a child is in danger now")),
    (BreakGlassReason.PRIMARY_UNREACHABLE, _("Her caseworker cannot be reached")),
    (BreakGlassReason.LEGAL_DEADLINE, _("A legal deadline runs out")),
    (Verdict.JUSTIFIED, _("It was needed")),
    (Verdict.NOT_JUSTIFIED, _("It was not needed")),
    (WatchedRelation.FORMER_PARTNER, _("former partner")),
    (WatchedRelation.HIS_FAMILY, _("his family or friends")),
    (WatchedRelation.HER_FAMILY, _("her own family")),
    (WatchedRelation.OTHER, _("somebody else")),
    (WatchMatch.NAME, _("name")),
    (WatchMatch.EMAIL, _("e-mail")),
    (WhoShePart.NAME, _("Name")),
    (WhoShePart.PHONE, _("Telephone")),
    (WhoShePart.CPR_NUMBER, _("CPR number")),
    (WhoShePart.ACCOUNT, _("Why the danger was judged so")),
    (OfficersPart.NAME, _("Name")),
    (OfficersPart.PHONE, _("Telephone")),
    (OfficersPart.ADDRESS, _("Address")),
    (OfficersPart.FORMER_ADDRESS, _("The address before")),
    (OfficersPart.FORMER_CHILD_PLACE, _("A child's school or daycare before")),
    (OnTheWay.GOING_NOW, _("I am on my way to the task")),
    (OnTheWay.PLANNING, _("I plan how to get there in time")),
    (OnTheWay.CARRYING, _("I bring or fetch something there")),
    (Audit.KEEP_APART_SET, _("Kept apart: something noted")),
    (Audit.KEEP_APART_RENEWED, _("Kept apart: still needed")),
    (Audit.KEEP_APART_ENDED, _("Kept apart: something taken away")),
    (Audit.APART_ASKED, _("Kept apart: another team asks")),
    (Audit.APART_ANSWERED, _("Kept apart: a question answered")),
    (Audit.PLACEMENT_ASKED, _("Asked before a placement")),
    (Audit.VISITS_POSTPONED, _("Visits put off")),
    (Audit.VISITS_RESUMED, _("Visits taken up again")),
    (ApartKind.CASE, _("another case")),
    (ApartKind.PERSON, _("somebody with an account")),
    (ApartKind.AREA, _("postal areas")),
    (ApartState.ASKED, _("asked, not in force")),
    (ApartState.IN_FORCE, _("in force")),
    (ApartState.ENDED, _("taken away")),
    (ApartAnswer.GO_AHEAD, _("Go ahead, this once")),
    (ApartAnswer.NO, _("No")),
    (PlacementPath.PAIR, _("whether two cases are kept apart")),
    (PlacementPath.SEAT, _("a seat in a group")),
    (PlacementPath.COURSE, _("a place in a group programme")),
    (PlacementPath.HOME, _("a home")),
    (PlacementPath.TASK, _("a volunteer's task")),
    (PlacementPath.MATCH, _("a volunteer who accompanies her")),
    (PlacementPath.FURNISHING, _("a volunteer who plans the rooms")),
    (PlacementPath.MEETING, _("who holds a meeting")),
    (PlacementPath.WORKER, _("who works on a course")),
    (PlacementPath.TEAM, _("who joins the team")),
    (HitState.OPEN, _("To be looked at")),
    (HitState.SAME_PERSON, _("The same person")),
    (HitState.ANOTHER_PERSON, _("Another person")),
)

# How a woman's name and address are protected in the civil register: a number there, a word here.
PROTECTION: Mapping[int, object] = {
    0: _("No protection"),
    1: _("Name and address protection"),
    2: _("Special protection"),
}
