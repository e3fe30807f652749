"""What is written about her safety. No form asks who he is."""

from collections.abc import Callable, Iterable
from typing import Any

from portal.core.i18n import _
from portal.core.kinds import SafetyLevel
from portal.core.risk import AssessmentMoment, ByWhom, PlanHome, PlanSection, PoliceTold, RiskMethod, ViolenceKind
from portal.domain.labels import word
from portal.domain.risk import BY_HAND, written_parts
from portal.web.checks import not_ahead
from portal.web.fields import Day, Pick, PortalForm, Radio, Several, optional, required
from portal.web.safety_questions import SAID, YES_NO
from portal.web.texts import Line, Text

WHEN = (("now", _("Today")), ("earlier", _("Earlier")))
TRAINED = (("yes", _("Yes")), ("no", _("No, or not for this one")))


def said(field: Any) -> bool | None:
    """Yes, no, or nothing."""
    return SAID.get(field.data)


class AssessmentForm(PortalForm):
    """A safety assessment of her and her children."""

    level = Radio(_("How dangerous is it for her now?"), [required()], kind=SafetyLevel)
    reason = Text(_("Why"), [optional()])
    children = Text(_("How is it for the children?"), [optional()])
    may_visit = Radio(_("May volunteers come to her again?"), [optional()], choices=YES_NO)
    moment = Radio(_("When is it made?"), [required()], kind=AssessmentMoment, default=AssessmentMoment.ON_THE_WAY)
    method = Pick(_("How was it judged?"), [required()], kind=RiskMethod, default=RiskMethod.JUDGEMENT)
    is_trained = Radio(_("Are you trained in it?"), [optional()], choices=TRAINED)
    tool = Line(_("Name and version of the tool"), [optional()])
    result = Line(_("Total or level that it gave"), [optional()])
    is_safe_to_move = Radio(_("Is it safe enough that she moves?"), [optional()], choices=YES_NO)
    who = Pick(_("Who answers for this judgement?"), [optional()], choices=[])
    assessed_on = Day(_("Assessed"), [required()])
    review_on = Day(_("Look at it again"), [optional()])


class EventForm(PortalForm):
    """Something has happened that no page knows of."""

    reason = Radio(_("What has happened?"), [required()], kind=BY_HAND)


class PlanForm(PortalForm):
    """The next version of her safety plan. The parts are named as `PlanSection` is."""

    home = Radio(_("Where does the plan hold?"), [required()], kind=PlanHome)
    warning_signs = Text(word(PlanSection.WARNING_SIGNS), [optional()])
    ways_out = Text(word(PlanSection.WAYS_OUT), [optional()])
    who_to_call = Text(word(PlanSection.WHO_TO_CALL), [optional()])
    children = Text(word(PlanSection.CHILDREN), [optional()])
    devices = Text(word(PlanSection.DEVICES), [optional()])
    handover = Text(word(PlanSection.HANDOVER), [optional()])
    neighbours = Text(word(PlanSection.NEIGHBOURS), [optional()])
    has_code_word = Radio(_("Is a code word agreed?"), [required()], choices=YES_NO)
    confirmed_on = Day(_("Gone through with her"), [optional(), not_ahead()])

    @property
    def sections(self) -> dict[PlanSection, str | None]:
        """What was written, by part."""
        return {one: self[one.value].data for one in PlanSection}

    def checks(self) -> Iterable[Callable[[], object]]:
        """One part at least."""
        return (lambda: written_parts(self.sections),)


class ViolenceForm(PortalForm):
    """New violence, told on the telephone or seen."""

    kinds = Several(_("What was it?"), [required(_("Choose at least one kind."))], kind=ViolenceKind)
    by_whom = Radio(_("By whom?"), [required()], kind=ByWhom)
    when = Radio(_("When?"), [required()], choices=WHEN, default="now")
    happened_on = Day(_("Which day?"), [optional()])
    did_children_see = Radio(_("Did the children see or hear it?"), [optional()], choices=YES_NO)
    police = Radio(_("Have the police been told?"), [optional()], kind=PoliceTold)
    is_order_breached = Radio(_("Was a restraining order broken?"), [optional()], choices=YES_NO)
    text = Text(_("In a few words"), [optional()])
