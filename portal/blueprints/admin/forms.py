"""A new person."""

from wtforms.validators import Email, Length

from portal.core.enums import Language, Role
from portal.core.i18n import _
from portal.web.fields import Pick, PortalForm, required
from portal.web.texts import Line

ROLES = [role for role in Role if role is not Role.SYSTEM]


class PersonForm(PortalForm):
    """Who she is and what she is to do."""

    name = Line(_("Name"), [required()])
    email = Line(_("E-mail"), [required(), Length(max=254), Email(_("Write an e-mail address."))])
    role = Pick(_("Role"), [required()], kind=ROLES, empty=_("Choose"))
    language = Pick(_("Language"), [required()], kind=Language, default=Language.DANISH)
