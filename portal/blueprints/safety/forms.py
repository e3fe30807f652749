"""The forms of emergency access and of the safety officer."""

from wtforms.validators import Length

from portal.core.i18n import _
from portal.core.safety import BreakGlassReason, HitState, Verdict
from portal.web.fields import Line, Pick, PortalForm, Radio, Text, choices_of, optional, required


class EmergencyForm(PortalForm):
    """Which case, and why it cannot wait."""

    reference = Line(_("The case's reference"), [required(), Length(max=20)])
    category = Radio(_("Why now?"), [required()], choices=choices_of(BreakGlassReason))
    reason = Text(_("What has happened, and what do you need to do?"), [required()])


class BlockForm(PortalForm):
    """Whom to keep out of which case: one account by its address, or one organisation."""

    reference = Line(_("The case's reference"), [required(), Length(max=20)])
    email = Line(_("E-mail of the account"), [optional(), Length(max=254)])
    organisation = Pick(_("Or everybody at an organisation"), [optional()])
    reason = Text(_("Why?"), [optional()])


class HitForm(PortalForm):
    """Whether the account belongs to the person on the list."""

    state = Radio(
        _("Is it the same person?"),
        [required()],
        choices=[
            (one.value, text)
            for one, text in (
                (HitState.SAME_PERSON, _("The same person")),
                (HitState.ANOTHER_PERSON, _("Another person")),
            )
        ],
    )


class ReviewForm(PortalForm):
    """What the officer finds."""

    verdict = Radio(_("Was it needed?"), [required()], choices=choices_of(Verdict))
    remark = Text(_("Remark"), [optional()])
