"""The forms of a request about own data."""

from portal.core.i18n import _
from portal.core.rights import Delivery, Harm, IdentityCheck, RefusalGround
from portal.web.fields import Pick, PortalForm, Radio, Whole, optional, required
from portal.web.texts import Line, Text
from portal.web.versions import VersionedForm

CHECKS = [check for check in IdentityCheck if check is not IdentityCheck.NOT_YET]


class TakeForm(PortalForm):
    """How it was made sure who asks."""

    identity_check = Pick(_("How was it made sure who asks?"), [required()], kind=CHECKS, empty=_("Choose"))


class WhyForm(PortalForm):
    """A reason."""

    sealed = frozenset({"reason"})
    reason = Text(_("Why"), [required()])


class ExtendForm(WhyForm):
    """Why it takes longer."""

    reason = Text(_("Why"), [required()], id="extend-reason")


class RefuseForm(WhyForm):
    """Why it is refused."""

    ground = Pick(_("On which ground?"), [required()], kind=RefusalGround, empty=_("Choose"))
    reason = Text(_("Why"), [required()], id="refuse-reason")


class ReturnForm(WhyForm):
    """What the second person wants changed."""

    reason = Text(_("What has to be done first?"), [required()], id="return-reason")


class GrantForm(PortalForm):
    """What was done, for the answer."""

    sealed = frozenset({"reason"})
    reason = Text(_("What was done"), [optional()], id="grant-reason")


class CloseForm(PortalForm):
    """How the answer reached the person."""

    delivery = Radio(_("How did the answer reach the person?"), [required()], kind=Delivery)


class HarmForm(PortalForm):
    """What may come of handing a child's dossier out."""

    sealed = frozenset({"reason"})
    harm = Radio(_("What may come of handing it out?"), [required()], kind=Harm)
    reason = Text(_("Why"), [optional()], id="harm-reason")


class StrikeForm(VersionedForm):
    """Words to be struck out of a text."""

    sealed = frozenset({"words"})
    words = Line(_("Words to strike out"), [required()])


class SpanForm(VersionedForm):
    """Which stretch of a text a button is about."""

    number = Whole(_("Number"), [required()], low=0, high=9999)


class HoldForm(WhyForm):
    """Which case is held, and why."""

    reference = Line(_("The case's reference"), [required()])


class PressForm(PortalForm):
    """Needs nothing but the press."""
