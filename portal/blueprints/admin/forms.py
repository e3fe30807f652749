"""A new person."""

from wtforms.validators import Email

from portal.core.enums import Language, Role
from portal.core.i18n import _
from portal.web.fields import Pick, PortalForm, required
from portal.web.texts import Line, MailAddress

ROLES = [role for role in Role if role is not Role.SYSTEM]


class PersonForm(PortalForm):
    """Who she is and what she is to do."""

    name = Line(_("Name"), [required()])
    email = MailAddress(_("E-mail"), [required(), Email(_("Write an e-mail address."))])
    role = Pick(_("Role"), [required()], kind=ROLES, empty=_("Choose"))
    language = Pick(_("Language"), [required()], kind=Language, default=Language.DANISH)
