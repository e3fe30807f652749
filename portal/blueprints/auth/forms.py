"""The sign-in form."""

from wtforms import PasswordField, StringField
from wtforms.validators import Length

from portal.core.i18n import _
from portal.web.fields import PortalForm, required


class SignInForm(PortalForm):
    """Address and password. What is wrong with either is never told."""

    email = StringField(_("E-mail"), [required(), Length(max=254)])
    password = PasswordField(_("Password"), [required(), Length(max=1024)])


class PasswordForm(PortalForm):
    """A new password for oneself."""

    current = PasswordField(_("Present password"), [required(), Length(max=1024)])
    new = PasswordField(_("New password"), [required(), Length(max=1024)])
    again = PasswordField(_("New password once more"), [required(), Length(max=1024)])
