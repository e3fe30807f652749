"""Answers to alarms and drawn looks, and the note that somebody leaves."""

from portal.core.alerts import Answer
from portal.core.i18n import _
from portal.web.fields import Day, Pick, PortalForm, Radio, required
from portal.web.texts import Text


class AnswerForm(PortalForm):
    """What was found."""

    answer = Radio(_("What you found"), [required()], kind=Answer)
    remark = Text(_("Remark"), [required()])


class DepartureForm(PortalForm):
    """Who leaves, and when."""

    member = Pick(_("Person"), [required()], choices=[])
    last_day = Day(_("Last day"), [required()])
