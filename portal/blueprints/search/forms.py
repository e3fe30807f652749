"""The search box."""

from portal.core.i18n import _
from portal.web.fields import PortalForm, required
from portal.web.texts import Line


class SearchForm(PortalForm):
    """What somebody looks for. Sent as POST, so that it never stands in an address."""

    sought = Line(_("Search"), [required(_("Write what you are looking for."))])
