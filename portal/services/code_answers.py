"""What a code from the telephone does: it makes an account, chooses a new password, takes lost factors away."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.enums import Language
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.sign_in import CodePurpose
from portal.db import db
from portal.models.organisations import Organisation
from portal.models.sign_in import AccountCode
from portal.models.users import User
from portal.services import account_codes, accounts, audit, devices, factors, passwords, sessions

# One sentence for an unknown address, a wrong code, one that is over or used up, and a wrong password.
WRONG = _("That cannot be used. Look at address and code once more, or ask for a new code.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody types who has been given a code."""

    email: str
    code: str
    new: str
    again: str


def answer(given: Answer, *, now: datetime) -> User:
    """Do what the code is for, once. Returns whose account it is now about; no session is opened (R-444).

    Raises Invalid: without a field when address and code do not belong together, else beside the password.
    """
    row = account_codes.find(given.email, given.code, now=now)
    if row is None:
        raise Invalid(WRONG)
    organisation = db.session.get_one(Organisation, row.organisation_id)
    known = accounts.find_user(given.email)
    if row.purpose is CodePurpose.INVITATION and row.role is not None:
        user = _join(row, organisation, known, given, now)
    elif known is None or known.id != row.user_id:
        raise Invalid(WRONG)
    else:
        user = _begin_anew(row, organisation, known, given, now)
    row.used_at = now
    audit.record(Audit.CODE_USED, SubjectType.INVITATION, row.public_id, actor=SYSTEM, now=now)
    devices.tell(user.id, f"code:{row.public_id}", now=now)
    db.session.flush()
    return user


def _join(row: AccountCode, organisation: Organisation, known: User | None, given: Answer, now: datetime) -> User:
    """The role that she is invited to. Whoever has an account shows that it is hers with its password."""
    if known is not None and not (accounts.is_password(known, given.new) and known.is_active):
        raise Invalid(WRONG)
    user = known
    if user is None:
        name, email = row.name or "", row.email or given.email
        passwords.check(given.new, given.again, name=name, email=email, organisation=organisation.name)
        language = row.language or Language.DANISH
        user = accounts.create_user(name, email, given.new, language=language, actor=SYSTEM, now=now)
    try:
        with db.session.begin_nested():
            membership = accounts.add_membership(user, organisation, row.role)  # type: ignore[arg-type]
    except IntegrityError as double:
        # She has the role already: the invitation is answered, and nothing else happens.
        raise Invalid(WRONG) from double
    audit.record(Audit.MEMBERSHIP_GIVEN, SubjectType.USER, membership.public_id, actor=SYSTEM, now=now)
    return user


def _begin_anew(row: AccountCode, organisation: Organisation, user: User, given: Answer, now: datetime) -> User:
    """A new password; where two people have confirmed it, without the factors that are lost. All sessions end."""
    passwords.check(given.new, given.again, name=user.name, email=user.email, organisation=organisation.name)
    accounts.set_password(user, given.new)
    if row.purpose is CodePurpose.FACTORS:
        factors.remove_all(user.id)
        audit.record(Audit.FACTORS_RESET, SubjectType.USER, user.public_id, actor=SYSTEM, now=now)
    sessions.end_other_sessions(user.id, keep=None, now=now)
    audit.record(Audit.PASSWORD_RESET, SubjectType.USER, user.public_id, actor=SYSTEM, now=now)
    return user
