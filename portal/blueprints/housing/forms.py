"""What is written about a home and who lives there."""

from portal.core.i18n import _
from portal.domain.housing import EXTENSION_MOST, Destination
from portal.web.fields import Day, Pick, PortalForm, Text, Whole, optional, required


class CloseDownForm(PortalForm):
    """Why a home is taken out of service."""

    reason = Text(_("Why?"), [required()], id="close-reason")
    ready_on = Day(_("Expected back"), [required()])


class RevealForm(PortalForm):
    """Why somebody needs the address."""

    reason = Text(_("Why do you need it?"), [required()], id="reveal-reason")


class ReserveForm(PortalForm):
    """For whom a home is held."""

    enrolment = Pick(_("For whom?"), [required()], choices=[])
    move_in_on = Day(_("She moves in on"), [required()])


class MoveInForm(PortalForm):
    """The day she moved in."""

    moved_in_on = Day(_("She moved in on"), [required()])
    gap_reason = Text(_("Why not directly from the stay?"), [optional()])


class ExtensionForm(PortalForm):
    """The decision on more time."""

    months = Whole(_("Months more; 0 for no"), [required()], low=0, high=EXTENSION_MOST)
    reason = Text(_("Reason"), [required()])


class NoticeForm(PortalForm):
    """When she leaves."""

    leaves_on = Day(_("She leaves on"), [required()])


class MoveOutForm(PortalForm):
    """She has left."""

    moved_out_on = Day(_("She moved out on"), [required()])
    destination = Pick(_("Where to? A kind of home, never a place"), [required()], kind=Destination)
