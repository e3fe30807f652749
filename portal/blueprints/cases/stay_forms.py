"""The forms of a stay: how it began, and how it ended."""

from wtforms import BooleanField

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.stays import (
    AdmissionReason,
    CounsellingAtExit,
    DelayReason,
    LinkReason,
    MainActivity,
    Permit,
)
from portal.domain.stays import Destination
from portal.services.stays import Admission, Exit
from portal.web.fields import Day, Pick, PortalForm, Radio, Several, optional, required
from portal.web.texts import Scan, Text
from portal.web.versions import VersionedForm

YES_NO_UNKNOWN = (("unknown", _("Not known")), ("yes", _("Yes")), ("no", _("No")))
ANSWERS = {"yes": True, "no": False, "unknown": None}
SAID = {value: key for key, value in ANSWERS.items()}
NOT_NAMED = "elsewhere"


class Began:
    """The fields of how a stay began."""

    admitted_on = Day(_("Admitted"), [required()])
    previous_stay = Radio(_("Has she stayed at a centre before?"), [required()], choices=YES_NO_UNKNOWN)
    reasons = Several(_("Why was she admitted?"), kind=AdmissionReason)
    leader = Pick(_("Which leader decided?"), [optional()])
    earlier = Pick(_("One course with an earlier stay"), [optional()])
    link_reason = Pick(_("Why do they belong together?"), [optional()], kind=LinkReason, empty=_("Choose"))

    @property
    def admission(self) -> Admission:
        """What was typed, without the day."""
        return Admission(
            previous_stay_ever=ANSWERS[self.previous_stay.data],
            reasons=self.reasons.data or (),
            decided_by=self.leader.data or None,
            previous=self.earlier.data or None,
            link_reason=self.link_reason.data,
        )


class AdmissionForm(Began, VersionedForm):
    """How the open stay began, corrected."""


class StayForm(Began, PortalForm):
    """A stay here, or one elsewhere that is over."""

    where = Pick(_("At which centre?"), [optional()])
    is_anonymous = BooleanField(_("She is here anonymously: no name and no CPR number in the notices"))
    planned_move_on = Day(_("Planned move to her own home"), [optional()])
    discharged_on = Day(_("Left that centre again"), [optional()])

    @property
    def is_here(self) -> bool:
        """Whether it is a stay at the own house. Raises Invalid for an end that belongs to a stay elsewhere."""
        if self.where.data:
            if self.discharged_on.data is None:
                raise Invalid(_("A stay elsewhere is written down when it is over."), field="discharged_on")
            return False
        if self.discharged_on.data is not None:
            raise Invalid(_("This day is for stays elsewhere. The stay here is ended when she leaves."), field="where")
        return True

    @property
    def centre(self) -> str | None:
        """The other centre by its public id; None when it is not named."""
        return None if self.where.data == NOT_NAMED else self.where.data


class Ended:
    """The fields of how a stay ended: where she goes, and how she lives then."""

    discharged_on = Day(_("Discharged"), [required()])
    destination = Pick(_("Where to"), [optional()], kind=Destination, empty=_("Choose"))
    delay_reason = Pick(_("Did she stay longer than she needed?"), [optional()], kind=DelayReason, empty=_("Choose"))
    main_activity = Pick(_("What does she do mainly?"), [optional()], kind=MainActivity, empty=_("Choose"))
    permit = Pick(_("Residence permit"), [optional()], kind=Permit, empty=_("Choose"))
    reported = Radio(_("Was the violence reported to the police?"), [optional()], choices=YES_NO_UNKNOWN)
    counselling = Pick(
        _("Coordinating counselling from the municipality"), [optional()], kind=CounsellingAtExit, empty=_("Choose")
    )

    @property
    def leaving(self) -> Exit:
        """What was typed, without the day."""
        return Exit(
            destination=self.destination.data,
            delay_reason=self.delay_reason.data,
            main_activity=self.main_activity.data,
            permit=self.permit.data,
            is_reported=ANSWERS.get(self.reported.data or "unknown"),
            counselling=self.counselling.data,
        )


class EndStayForm(Ended, PortalForm):
    """The end of a stay."""


class EndedStayForm(Began, Ended, VersionedForm):
    """A stay that has ended, corrected."""

    of_change = frozenset({"reason"})
    reason = Text(_("Why is it corrected?"), [required()], scan=Scan.REFUSE)
