"""Words for her plan."""

from collections.abc import Mapping

from portal.core.enums import OrganisationKind
from portal.core.i18n import _
from portal.core.kinds import ConsentPurpose
from portal.core.plans import ConfirmedHow, GoalState, MunicipalPlan, RatedBy, RatingPoint, StayPlanState
from portal.core.rights import ConsentScope
from portal.domain.labels.words import Words

WORDS: Words = (
    (GoalState.OPEN, _("Not begun")),
    (GoalState.IN_PROGRESS, _("Worked for")),
    (GoalState.REACHED, _("Reached in full")),
    (GoalState.PARTLY_REACHED, _("Partly reached")),
    (GoalState.DROPPED, _("Given up")),
    (RatingPoint.MOVE_IN, _("On moving in")),
    (RatingPoint.MIDWAY, _("Midway")),
    (RatingPoint.MOVE_OUT, _("On moving out")),
    (RatingPoint.LATER, _("Later")),
    (RatedBy.HER, _("She says")),
    (RatedBy.STAFF, _("We say")),
    (StayPlanState.DRAFT, _("Draft")),
    (StayPlanState.AGREED, _("Agreed")),
    (StayPlanState.REPLACED, _("Replaced by a newer one")),
    (ConfirmedHow.PAPER, _("Signed on paper")),
    (ConfirmedHow.ORALLY, _("Said yes orally")),
    (MunicipalPlan.NOT_KNOWN, _("We do not know")),
    (MunicipalPlan.NONE, _("No plan")),
    (MunicipalPlan.ACTION_PLAN, _("An action plan (handleplan)")),
    (MunicipalPlan.WHOLE_PLAN, _("A whole plan (helhedsorienteret plan)")),
)

# On a paper that she takes home she speaks herself, and no word says what it is about.
SHARED: Mapping[ConsentScope, object] = {
    ConsentScope.IDENTITY: _("my name and the year I was born"),
    ConsentScope.CONTACT: _("how I can be reached"),
    ConsentScope.CHILDREN: _("how many children I have, and how old they are"),
    ConsentScope.NEEDS: _("what I need and wish"),
    ConsentScope.COURSE: _("how it goes with the help I get"),
    ConsentScope.SCORES: _("what I answer when I am asked how I am"),
}
SHARED_FOR: Mapping[ConsentPurpose, object] = {
    ConsentPurpose.REFERRAL: _("what is needed to help me"),
    ConsentPurpose.PROGRESS_BACK: _("how it goes with the help I get"),
    ConsentPurpose.FOLLOW_UP: _("what I answer when I am asked how I am"),
    ConsentPurpose.STATISTICS: _("my answers in figures, without my name"),
}
SHARED_WITH: Mapping[OrganisationKind, object] = {
    OrganisationKind.SHELTER: _("those who help me"),
    OrganisationKind.MUNICIPALITY: _("the municipality"),
    OrganisationKind.NGO: _("an association"),
}
