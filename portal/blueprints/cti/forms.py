"""What is written about a phase."""

from wtforms import HiddenField

from portal.core.courses import T0Reason
from portal.core.i18n import _
from portal.core.measures import CtiArea
from portal.web.fields import Day, Pick, PortalForm, Several, Text, optional, required


class PlanForm(PortalForm):
    """One to three areas, chosen with her."""

    version = HiddenField()
    areas = Several(_("Which areas? Choose one to three with her."), [optional()], kind=CtiArea)
    plan = Text(_("What, who, and by when?"), [required()])


class ReviewForm(PortalForm):
    """Looking back on a phase together."""

    review = Text(_("What did the two of you see?"), [required()])


class BasisForm(PortalForm):
    """What the months after the sixth rest on."""

    basis = Text(_("Which law or funding do the last months rest on?"), [required()])


class T0Form(PortalForm):
    """Counting from another day."""

    t0 = Day(_("The day she moved into her own home"), [required()])
    reason = Pick(_("Why is it changed?"), [required()], kind=T0Reason, empty=_("Choose"))
    # Filled by the page that shows what every date becomes.
    is_seen = HiddenField()
