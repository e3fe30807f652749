"""What is written about a home that is to be furnished."""

from wtforms import BooleanField

from portal.core.i18n import _
from portal.core.states import ItemState
from portal.domain.furnishing import Room, Source
from portal.web.fields import Day, Kroner, Pick, PortalForm, Whole, optional, required
from portal.web.texts import Line, Scan, Text
from portal.web.versions import VersionedForm


class PlanForm(VersionedForm):
    """Wishes, budget, architect."""

    wishes = Text(_("What does she wish for?"), [optional()], scan=Scan.REFUSE)
    budget = Kroner(_("Budget in kroner"), [optional()])
    architect = Pick(_("Who plans the rooms?"), [optional()], choices=[])


class ItemForm(PortalForm):
    """A thing that is needed."""

    room = Pick(_("Room"), [required()], kind=Room)
    what = Line(_("What?"), [required()], scan=Scan.REFUSE)
    quantity = Whole(_("How many?"), [required()], low=1, high=99, default=1)
    is_must = BooleanField(_("It must be there"), default=True)


class ItemStateForm(VersionedForm):
    """How far a thing has come."""

    state = Pick(_("How far?"), [required()], kind=ItemState)
    source = Pick(_("Where from?"), [optional()], kind=Source, empty=_("Not known yet"))
    cost_ore = Kroner(_("Cost in kroner"), [optional()])


class WorkDayForm(PortalForm):
    """The day on which volunteers set everything up."""

    work_day_on = Day(_("Work day"), [required()])
