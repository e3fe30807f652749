"""The small form of a row in Min dag."""

from portal.core.i18n import _
from portal.web.fields import PortalForm, Radio, required

PUT_OFF = (("1", _("1 day")), ("3", _("3 days")), ("7", _("7 days")))


class PutOffForm(PortalForm):
    """For how long something is put off."""

    days = Radio(_("Put off"), [required()], choices=PUT_OFF)
