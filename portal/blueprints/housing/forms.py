"""What is written about a home and who lives there."""

from typing import Any

from wtforms.validators import StopValidation

from portal.core.i18n import _
from portal.domain.housing import EXTENSION_MOST, Destination
from portal.web.fields import Day, Pick, PortalForm, Radio, Whole, optional, required
from portal.web.last_checks import by_field, why_field
from portal.web.texts import Line, Scan, Text
from portal.web.versions import VersionedForm

CHILDREN_MOST = 10
YES = "yes"
YES_NO = ((YES, _("Yes")), ("no", _("No")))


class HomeForm(VersionedForm):
    """What can change about a home. An address is never shown again in a field: empty leaves it as it is."""

    sealed = frozenset({"address"})
    max_children = Whole(_("Room for how many children?"), [required()], low=0, high=CHILDREN_MOST)
    address = Line(_("Address"), [optional()], id="home-address")


class NewHomeForm(PortalForm):
    """A home that comes into the stock. The programme is asked for where there are several."""

    offer = Radio(_("Which programme?"), [required()], choices=[])
    number = Whole(_("Number of the home"), [required()], low=1, high=999)
    max_children = Whole(_("Room for how many children?"), [required()], low=0, high=CHILDREN_MOST)
    address = Line(_("Address"), [optional()])


class CloseDownForm(PortalForm):
    """Why a home is taken out of service."""

    reason = Text(_("Why?"), [required()], scan=Scan.REFUSE, id="close-reason")
    ready_on = Day(_("Expected back"), [required()])


class RevealForm(PortalForm):
    """Why somebody needs the address."""

    reason = Text(_("Why do you need it?"), [required()], scan=Scan.REFUSE, id="reveal-reason")


class ReserveForm(PortalForm):
    """For whom a home is held."""

    enrolment = Pick(_("For whom?"), [required()], choices=[])
    move_in_on = Day(_("She moves in on"), [required()])


class MoveInForm(PortalForm):
    """The day she moved in."""

    moved_in_on = Day(_("She moved in on"), [required()])
    gap_reason = Text(_("Why not directly from the stay?"), [optional()], scan=Scan.REFUSE)


class AskForm(PortalForm):
    """Why she needs more time."""

    reason = Text(_("Why does she need more time?"), [required()], scan=Scan.REFUSE, id="ask-reason")


def _for_yes(form: Any, field: Any) -> None:
    """Months are asked for by a yes alone; what was typed beside a no is not looked at."""
    if form.is_extended.data != YES:
        field.errors = []
        raise StopValidation
    if field.data is None and not field.errors:
        raise StopValidation(str(_("Write how many months.")))


class ExtensionForm(PortalForm):
    """The decision on more time."""

    is_extended = Radio(_("Is the tenancy extended?"), [required(_("Choose yes or no."))], choices=YES_NO)
    months = Whole(_("How many months more?"), [_for_yes], low=1, high=EXTENSION_MOST)
    reason = Text(_("Reason"), [required()], scan=Scan.REFUSE, id="decision-reason")

    @property
    def given(self) -> int | None:
        """The months that are given; None for a no."""
        months: int | None = self.months.data if self.is_extended.data == YES else None
        return months


class NoticeForm(PortalForm):
    """When she leaves."""

    leaves_on = Day(_("She leaves on"), [required()])


class MoveOutForm(PortalForm):
    """She has left."""

    moved_out_on = Day(_("She moved out on"), [required()])
    destination = Pick(_("Where to? A kind of home, never a place"), [required()], kind=Destination)
    unchecked = why_field(id="move-out-unchecked")
    checked_by = by_field(id="move-out-checked-by")
