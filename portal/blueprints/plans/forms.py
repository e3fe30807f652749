"""What is written about a goal."""

from collections.abc import Callable, Iterable

from wtforms import BooleanField

from portal.core.i18n import _
from portal.core.measures import CtiArea
from portal.core.plans import ConfirmedHow, GoalState, MunicipalPlan, RatedBy, RatingPoint
from portal.domain.labels import word
from portal.domain.plans import check_rating
from portal.web.checks import not_ahead
from portal.web.fields import Day, Pick, PortalForm, Radio, Several, optional, required
from portal.web.texts import Line, Scan, Text
from portal.web.versions import VersionedForm

BIG = (_("0 no problem"), _("1 small"), _("2 some"), _("3 big"), _("4 a complete problem"))
FAR = (_("0 not at all"), _("1 a little"), _("2 half way"), _("3 nearly"), _("4 in full"))


def _number(value: object) -> int | None:
    return int(str(value)) if str(value) in {"0", "1", "2", "3", "4"} else None


class GoalForm(VersionedForm):
    """A goal of hers."""

    area = Pick(_("Area"), [required()], kind=CtiArea, empty=_("Choose"))
    wish = Text(_("What does she want? In her own words"), [required()])
    sign = Line(_("By what will you both see that it is reached?"), [required()], scan=Scan.WARN)
    is_hers = BooleanField(_("She acts herself"))
    owner = Pick(_("Who on the team helps?"), [optional()], choices=[])
    helper = Line(_("Somebody else who helps"), [optional()], scan=Scan.WARN)
    due_on = Day(_("To be reached by"), [optional()])


class StateForm(VersionedForm):
    """What became of a goal."""

    state = Pick(_("How does the goal stand?"), [required()], kind=GoalState, empty=_("Choose"))
    attainment = Radio(
        _("How far did it come?"),
        [optional()],
        choices=[(str(number), word) for number, word in enumerate(FAR)],
        coerce=_number,
    )
    reason = Text(_("Why?"), [optional()])


class StepForm(PortalForm):
    """One step towards a goal."""

    text = Line(_("The step"), [required()], scan=Scan.WARN)
    owner = Pick(_("Who takes it?"), [optional()], choices=[])
    due_on = Day(_("Done by"), [optional()])


def _rating(area: CtiArea) -> Radio:
    choices = [(str(number), said) for number, said in enumerate(BIG)]
    return Radio(word(area), [optional()], choices=choices, coerce=_number)


class NeedsForm(PortalForm):
    """How big a problem each area is."""

    point = Radio(_("When is it?"), [required()], kind=RatingPoint)
    rated_by = Radio(_("Who says so?"), [required()], kind=RatedBy)
    rated_on = Day(_("Day"), [required(), not_ahead()])
    health = _rating(CtiArea.HEALTH)
    safety = _rating(CtiArea.SAFETY)
    daily_activities = _rating(CtiArea.DAILY_ACTIVITIES)
    network = _rating(CtiArea.NETWORK)
    finances = _rating(CtiArea.FINANCES)
    housing = _rating(CtiArea.HOUSING)
    work = _rating(CtiArea.WORK)

    @property
    def scores(self) -> dict[CtiArea, int]:
        """The areas that were talked of."""
        return {area: self[area.value].data for area in CtiArea if self[area.value].data is not None}

    def checks(self) -> Iterable[Callable[[], object]]:
        """One area at least."""
        return (lambda: check_rating(self.scores),)


class StayPlanForm(VersionedForm):
    """What her stay plan says."""

    wish = Text(_("What does she want with the stay? In her own words"), [required()])
    goals = Several(_("Which of her goals belong to the stay?"), choices=[])
    offers = Text(_("What is agreed that we offer?"), [optional()])
    children = Text(_("The children: a sentence"), [optional()])
    next_review_on = Day(_("Look at the plan again on"), [optional()])


class AgreeForm(VersionedForm):
    """That she has confirmed her stay plan."""

    confirmed_how = Radio(_("How has she confirmed it?"), [required()], kind=ConfirmedHow)
    confirmed_on = Day(_("On which day?"), [required()])


class MunicipalForm(VersionedForm):
    """What is known of the municipality's plan."""

    kind = Radio(_("Does the municipality have a plan with her?"), [required()], kind=MunicipalPlan)
    plan_on = Day(_("Day of its plan"), [optional()])
    consent_on = Day(_("She agreed that her stay plan is sent along, on"), [optional()])
    sent_on = Day(_("Her stay plan was sent on"), [optional()])
    next_meeting_on = Day(_("Next meeting with the municipality"), [optional()])
