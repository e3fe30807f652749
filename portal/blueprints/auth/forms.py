"""The forms of signing in and of one's own account."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import Length

from portal.core.i18n import _
from portal.web.fields import PortalForm, required
from portal.web.texts import Line

LONGEST = 1024
# An answer of a passkey, as the browser writes it.
ANSWER = 20_000
# A password manager may fill these in: better a long password that it keeps than a short one in a head.
USERNAME, PRESENT = {"autocomplete": "username"}, {"autocomplete": "current-password"}
NEW, ONE_TIME = {"autocomplete": "new-password"}, {"autocomplete": "one-time-code"}


class SignInForm(PortalForm):
    """Address and password. What is wrong with either is never told."""

    email = StringField(_("E-mail"), [required(), Length(max=254)], render_kw=USERNAME)
    password = PasswordField(_("Password"), [required(), Length(max=LONGEST)], render_kw=PRESENT)


class SecondForm(PortalForm):
    """The second proof: the code of an app, or a recovery code."""

    code = StringField(_("Code"), [required(), Length(max=40)], render_kw=ONE_TIME)


class PasskeyForm(PortalForm):
    """What a passkey has signed; the browser fills it in."""

    credential = HiddenField(validators=[required(), Length(max=ANSWER)])


class NewPasskeyForm(PasskeyForm):
    """A new passkey and what its owner calls it."""

    name = Line(_("What do you call it?"), [required()])


class AppForm(PortalForm):
    """The first code that a new app shows."""

    code = StringField(_("The six digits that the app shows"), [required(), Length(max=20)])


class PasswordForm(PortalForm):
    """A new password for oneself."""

    current = PasswordField(_("Present password"), [Length(max=LONGEST)], render_kw=PRESENT)
    new = PasswordField(_("New password"), [required(), Length(max=LONGEST)], render_kw=NEW)
    again = PasswordField(_("New password once more"), [required(), Length(max=LONGEST)], render_kw=NEW)


class CodeForm(PortalForm):
    """A code from the telephone, and a password."""

    email = StringField(_("E-mail"), [required(), Length(max=254)])
    code = StringField(_("The code that you were told"), [required(), Length(max=40)])
    new = PasswordField(_("Password"), [required(), Length(max=LONGEST)], render_kw=NEW)
    again = PasswordField(_("Password once more"), [required(), Length(max=LONGEST)], render_kw=NEW)


class ForgottenForm(PortalForm):
    """Whose password is forgotten."""

    email = StringField(_("E-mail"), [required(), Length(max=254)])
