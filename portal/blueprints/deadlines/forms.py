"""Asking for more time, and answering it."""

from portal.core.i18n import _
from portal.web.fields import Day, PortalForm, Radio, required
from portal.web.texts import Text

ANSWERS = (("agree", _("Give the time")), ("refuse", _("Do not give it")))


class LongerForm(PortalForm):
    """Until when, and why."""

    until = Day(_("New day"), [required()])
    reason = Text(_("Why more time is needed"), [required()])


class AnswerForm(PortalForm):
    """A lead's answer."""

    answer = Radio(_("Answer"), [required()], choices=ANSWERS)
