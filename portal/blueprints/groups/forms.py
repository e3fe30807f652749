"""What is written about a round."""

from portal.core.i18n import _
from portal.domain.enrolments import EARLY_REASONS
from portal.domain.groups import MOST_PLACES, MOST_SESSIONS
from portal.web.fields import Clock, Day, Pick, PortalForm, Several, Whole, optional, required
from portal.web.last_checks import by_field, why_field
from portal.web.texts import Line, Scan, Text


class RoundForm(PortalForm):
    """A new round."""

    offer = Pick(_("Which group?"), [required()], choices=[])
    name = Line(_("Name of the round"), [required()], scan=Scan.REFUSE)
    starts_on = Day(_("First meeting"), [required()])
    starts_at = Clock(_("From"), [required()])
    session_minutes = Whole(_("Minutes"), [required()], low=30, high=480, default=120)
    step_days = Pick(
        _("How often?"), [required()], choices=[("7", _("Every week")), ("14", _("Every second week"))], default="14"
    )
    session_count = Whole(_("How many meetings?"), [required()], low=1, high=MOST_SESSIONS, default=8)
    places_min = Whole(_("At least so many participants"), [required()], low=1, high=MOST_PLACES, default=4)
    places_max = Whole(_("At most"), [required()], low=1, high=MOST_PLACES, default=8)
    leaders = Several(_("Who leads the group?"), choices=[])


class PlaceForm(PortalForm):
    """Who gets a seat."""

    enrolment = Pick(_("Who?"), [required()], choices=[])


class LeaveForm(PortalForm):
    """Why somebody leaves the group."""

    reason = Pick(_("Why?"), [required()], kind=list(EARLY_REASONS), empty=_("Choose"))
    left_on = Day(_("When?"), [required()])
    note = Text(_("In a few words"), [optional()], scan=Scan.REFUSE)
    unchecked = why_field()
    checked_by = by_field()
