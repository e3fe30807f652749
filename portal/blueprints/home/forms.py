"""The small forms of a row in Min dag."""

from wtforms import StringField
from wtforms.validators import Length

from portal.core.i18n import _
from portal.web.fields import Pick, PortalForm, Radio, required

PUT_OFF = (("1", _("1 day")), ("3", _("3 days")), ("7", _("7 days")))


class PutOffForm(PortalForm):
    """For how long something is put off."""

    days = Radio(_("Put off"), [required()], choices=PUT_OFF)


class GiveForm(PortalForm):
    """To which colleague."""

    user = Pick(_("Colleague"), [required(_("Choose a colleague."))], choices=[])


class DropForm(PortalForm):
    """Why it does not matter any more."""

    reason = StringField(_("Why is it not relevant?"), [required(), Length(min=5, max=200)])
