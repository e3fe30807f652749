"""An event, and who came."""

from portal.core.activities import ActivityKind, Guests
from portal.core.enquiries import ChildBand
from portal.core.i18n import _
from portal.domain.activities import MOST_OTHERS
from portal.domain.meetings import slot
from portal.services.activities import Planned
from portal.web.fields import Clock, Day, Pick, PortalForm, Several, Whole, optional, required
from portal.web.texts import Line, Scan
from portal.web.versions import VersionedForm


class ActivityForm(VersionedForm):
    """An event of the house."""

    kind = Pick(_("What kind of event?"), [required()], kind=ActivityKind, empty=_("Choose"))
    title = Line(_("What it is called"), [optional()], scan=Scan.REFUSE)
    guests = Several(_("For whom?"), kind=Guests)
    child_bands = Several(_("Which ages?"), kind=ChildBand)
    day = Day(_("Day"), [required()])
    starts = Clock(_("From"), [required()])
    ends = Clock(_("To"), [required()])
    who = Pick(_("Who is responsible?"), [required()])

    def planned(self) -> Planned:
        """What was typed. Raises Invalid for times that cannot be."""
        when = slot(self.day.data, self.starts.data, self.ends.data)
        return Planned(
            kind=self.kind.data,
            guests=self.guests.data or (),
            starts_at=when.starts_at,
            ends_at=when.ends_at,
            responsible=self.who.data or "",
            title=self.title.data,
            child_bands=self.child_bands.data or (),
        )


class ComingForm(VersionedForm):
    """Who came: a tick for each whom one works with, and a number for all others."""

    came = Several(_("Who came?"), choices=[])
    others = Whole(_("How many others came, children too?"), [optional()], low=0, high=MOST_OTHERS)


class PressForm(PortalForm):
    """Needs nothing but the press."""
