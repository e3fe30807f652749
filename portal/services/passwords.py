"""A new password: looked at before it is taken, and the end of all other sessions."""

from datetime import datetime

from portal import breaches
from portal.core.audit_tags import Audit
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.sign_in import Proof
from portal.db import db
from portal.domain import passwords
from portal.models.users import User
from portal.services import accounts, audit, devices, sessions
from portal.services.accounts import SignedIn


def check(password: str, again: str, *, name: str, email: str, organisation: str) -> None:
    """Whether this password can be taken (R-195). Raises Invalid beside the field that is wrong."""
    reason = passwords.problem(password, about=(name, email.split("@")[0], organisation))
    if reason is None and breaches.is_known(passwords.prepared(password)):
        reason = _("Many use this password. Choose another.")
    if reason is not None:
        raise Invalid(reason, field="new")
    if passwords.prepared(password) != passwords.prepared(again):
        raise Invalid(_("The two are not the same."), field="again")


def change(session: SignedIn, current: str, new: str, again: str, *, now: datetime) -> None:
    """Take a new password for oneself and end all other sessions (R-195).

    Whoever has shown her passkey need not know the old one: so a forgotten password is mended without anybody's help
    (R-442). Raises Invalid beside the field that is wrong.
    """
    actor = session.actor
    user = db.session.get_one(User, actor.user_id)
    if session.proof is not Proof.PASSKEY and not accounts.is_password(user, current):
        raise Invalid(_("That is not your present password."), field="current")
    check(new, again, name=user.name, email=user.email, organisation=actor.organisation_name)
    accounts.set_password(user, new)
    sessions.end_other_sessions(user.id, keep=session.token_hash, now=now)
    audit.record(Audit.PASSWORD_CHANGED, SubjectType.USER, user.public_id, actor=actor, now=now)
    devices.tell(user.id, f"password:{now.isoformat()}", now=now)
    db.session.flush()
