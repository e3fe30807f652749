"""The forms of emergency access and of the safety officer."""

from wtforms import BooleanField
from wtforms.validators import Length

from portal.core.i18n import _
from portal.core.safety import BreakGlassReason, HitState, OfficersPart, Verdict
from portal.web.fields import Pick, PortalForm, Radio, Whole, optional, required
from portal.web.texts import Line, MailAddress, Scan, Text


class EmergencyForm(PortalForm):
    """Which case, and why it cannot wait."""

    reference = Line(_("The case's reference"), [required(), Length(max=20)])
    category = Radio(_("Why now?"), [required()], kind=BreakGlassReason)
    reason = Text(_("What has happened, and what do you need to do?"), [required()], scan=Scan.REFUSE)


class BlockForm(PortalForm):
    """Whom to keep out of which case: one account by its address, or one organisation."""

    reference = Line(_("The case's reference"), [required(), Length(max=20)])
    email = MailAddress(_("E-mail of the account"), [optional()])
    organisation = Pick(_("Or everybody at an organisation"), [optional()])
    ends_part = BooleanField(_("Also if it works with her now: nobody there sees the case or helps her any more"))
    reason = Text(_("Why?"), [optional()], scan=Scan.REFUSE)


class HitForm(PortalForm):
    """Whether the account belongs to the person on the list."""

    state = Radio(
        _("Is it the same person?"),
        [required(_("Choose one of the two."))],
        kind=(HitState.SAME_PERSON, HitState.ANOTHER_PERSON),
    )


class ReviewForm(PortalForm):
    """What the officer finds."""

    verdict = Radio(_("Was it needed?"), [required(_("Choose one of the two."))], kind=Verdict)
    remark = Text(_("Remark"), [optional(), Length(max=500)], scan=Scan.REFUSE)


class OpenForm(PortalForm):
    """One thing about her, and why."""

    reference = Line(_("The case's reference"), [required(), Length(max=20)])
    part = Radio(_("What do you need to see?"), [required()], kind=OfficersPart)
    reason = Text(_("Why do you need it?"), [required()], scan=Scan.REFUSE)


class AllowanceForm(PortalForm):
    """More reveals a day for one colleague, for a week."""

    user = Pick(_("Colleague"), [required()])
    a_day = Whole(_("How many a day?"), [required()], low=1, high=99)
    reason = Text(_("Why?"), [required()], scan=Scan.REFUSE)
