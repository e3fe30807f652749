"""What is written about a waiting list: who waits until when, who is left out of a place, why a house says no."""

from wtforms import BooleanField

from portal.core.i18n import _
from portal.core.kinds import DeclineReason, GivenReason
from portal.core.waiting import WaitReason
from portal.domain.waiting import PRIORITIES, SKIPS
from portal.web.fields import Day, Pick, PortalForm, Radio, Whole, optional, required
from portal.web.texts import Scan, Text
from portal.web.versions import VersionedForm


class WaitlistForm(VersionedForm):
    """When she hears from you, why she waits, and what she can have meanwhile."""

    reason = Pick(_("Why does she wait?"), [required()], kind=WaitReason, empty=_("Choose"))
    recontact_on = Day(_("When do you write to the sender again?"), [required()])
    meanwhile = Pick(_("Another programme while she waits"), [optional()], choices=[])
    meanwhile_text = Text(_("What can she have while she waits?"), [optional()], scan=Scan.REFUSE)


class StillForm(VersionedForm):
    """That she was asked, and when she is asked again."""

    recontact_on = Day(_("She still wants the place. When is she asked again?"), [required()])


class SkipForm(VersionedForm):
    """Why she is not asked this time."""

    reason = Pick(_("Why is she not asked this time?"), [required()], kind=SKIPS, empty=_("Choose"))
    text = Text(_("Say it in a sentence"), [required()], scan=Scan.REFUSE)


class FirstForm(PortalForm):
    """Why she comes before everybody else for as long as she waits."""

    reason = Radio(
        _("Why does she come before everybody else?"),
        [required(_("Say why she comes before everybody else."))],
        kind=PRIORITIES,
    )


class GiveForm(PortalForm):
    """Who sees to a late request, and why she."""

    taker = Pick(_("Who sees to it?"), [required()], choices=[])
    reason = Radio(_("Why is it given to her?"), [required()], kind=GivenReason)


class ReasonForm(PortalForm):
    """How the house uses a reason for a no."""

    reason = Pick(_("Reason"), [required()], kind=DeclineReason)
    cool_down_days = Whole(_("Days until the same programme may be asked again"), [required()], low=0, high=365)
    is_active = BooleanField(_("Can be chosen"))
