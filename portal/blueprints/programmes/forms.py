"""What is changed about an offer."""

from portal.core.i18n import _
from portal.services.programmes import MOST_PLACES
from portal.web.fields import Whole, optional
from portal.web.versions import VersionedForm


class CapacityForm(VersionedForm):
    """How many places there are at once."""

    capacity = Whole(_("Places at once"), [optional()], low=1, high=MOST_PLACES)
