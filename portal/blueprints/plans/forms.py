"""What is written about a goal."""

from wtforms import BooleanField

from portal.core.i18n import _
from portal.core.measures import CtiArea
from portal.core.plans import GoalState
from portal.web.fields import Day, Pick, PortalForm, Radio, optional, required
from portal.web.texts import Line, Scan, Text
from portal.web.versions import VersionedForm

FAR = (_("0 not at all"), _("1 a little"), _("2 half way"), _("3 nearly"), _("4 in full"))


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
        coerce=lambda value: int(value) if value and str(value).isdigit() else None,
    )
    reason = Text(_("Why?"), [optional()])


class StepForm(PortalForm):
    """One step towards a goal."""

    text = Line(_("The step"), [required()], scan=Scan.WARN)
    owner = Pick(_("Who takes it?"), [optional()], choices=[])
    due_on = Day(_("Done by"), [optional()])
