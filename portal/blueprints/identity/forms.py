"""The code from one's administrator."""

from wtforms.validators import Length

from portal.core.i18n import _
from portal.web.fields import PortalForm, required
from portal.web.texts import Line


class CodeForm(PortalForm):
    """Asked for the first time that somebody signs in through her municipality."""

    code = Line(_("The code from your administrator"), [required(), Length(max=40)])
