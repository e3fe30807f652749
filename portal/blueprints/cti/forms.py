"""What is written about a phase."""

from wtforms import HiddenField

from portal.core.courses import T0Reason
from portal.core.i18n import _
from portal.core.measures import CtiArea
from portal.web.fields import Day, Pick, Several, optional, required
from portal.web.texts import Text
from portal.web.versions import VersionedForm


class PhaseForm(VersionedForm):
    """About one phase: that which the page showed, whatever has begun since."""

    phase = HiddenField()


class PlanForm(PhaseForm):
    """One to three areas, chosen with her."""

    areas = Several(_("Which areas? Choose one to three with her."), [optional()], kind=CtiArea)
    plan = Text(_("What, who, and by when?"), [required()])


class ReviewForm(PhaseForm):
    """Looking back on a phase together."""

    review = Text(_("What did the two of you see?"), [required()])


class BasisForm(VersionedForm):
    """What the months after the sixth rest on."""

    basis = Text(_("Which law or funding do the last months rest on?"), [required()])


class T0Form(VersionedForm):
    """Counting from another day."""

    # Asked each time, and kept in the audit trail alone.
    sealed = frozenset({"reason"})
    t0 = Day(_("The day she moved into her own home"), [required()])
    reason = Pick(_("Why is it changed?"), [required()], kind=T0Reason, empty=_("Choose"))
    # Filled by the page that shows what every date becomes.
    is_seen = HiddenField()
