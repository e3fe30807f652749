"""Apps that show a new code every half minute (TOTP, RFC 6238)."""

import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.sign_in import FactorKind
from portal.db import db
from portal.domain.sign_in import time_step, usable_steps
from portal.models.sign_in import Factor
from portal.services import audit, factors
from portal.services.accounts import SignedIn

DIGITS = 6
# A neutral name in the list of an app that others may see.
ISSUER = "Portal"


@dataclass(frozen=True, slots=True)
class Setup:
    """The secret of an app: as the square picture tells it, and to be typed."""

    address: str
    secret: str


def begin(session: SignedIn, *, name: str, now: datetime) -> None:
    """Make the secret of a new app; it is worth nothing until a code of it has been shown (R-432)."""
    actor = session.actor
    factors.require_may_change(session)
    db.session.execute(sa.delete(Factor).where(_app_of(actor.user_id), Factor.confirmed_at.is_(None)))
    factor = Factor(
        user_id=actor.user_id, kind=FactorKind.TOTP, name=name, secret=pyotp.random_base32(), created_at=now
    )
    db.session.add(factor)
    db.session.flush()
    audit.record(Audit.FACTOR_STARTED, SubjectType.USER, factor.public_id, actor=actor, now=now)


def waiting(user_id: int | None) -> Factor | None:
    """The app that is being set up, or None."""
    return db.session.scalar(sa.select(Factor).where(_app_of(user_id), Factor.confirmed_at.is_(None)))


def setup_of(factor: Factor, account: str) -> Setup:
    """What the page shows while an app is being set up."""
    secret = factor.secret or ""
    return Setup(pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER), secret)


def confirm(session: SignedIn, code: str, *, now: datetime) -> None:
    """Take a new app into use when it shows the right code; an earlier app goes.

    Raises NotNow when none is being set up, Invalid for a wrong code.
    """
    factors.require_may_change(session)
    factor = waiting(session.actor.user_id)
    if factor is None:
        raise NotNow
    step = _step_of(factor.secret or "", code, 0, now)
    if step is None:
        raise Invalid(_("That is not the code that the app shows now. Wait for the next and try again."), field="code")
    db.session.execute(sa.delete(Factor).where(_app_of(session.actor.user_id), Factor.confirmed_at.is_not(None)))
    factor.confirmed_at, factor.last_step = now, step
    db.session.flush()
    factors.note_added(factor, session, now=now)


def use(user_id: int | None, code: str, *, now: datetime) -> bool:
    """Whether this is the code that her app shows; each code is taken once (R-432)."""
    factor = db.session.scalar(sa.select(Factor).where(_app_of(user_id), Factor.confirmed_at.is_not(None)))
    if factor is None or factor.secret is None:
        return False
    step = _step_of(factor.secret, code, factor.last_step, now)
    if step is None:
        return False
    # Two people with one code at the same moment: the database lets one of them in.
    used = (
        sa.update(Factor)
        .where(Factor.id == factor.id, Factor.last_step < step)
        .values(last_step=step, last_used_at=now)
        .returning(Factor.id)
    )
    return db.session.scalar(used) is not None


def _app_of(user_id: int | None) -> sa.ColumnElement[bool]:
    return sa.and_(Factor.user_id == (user_id or 0), Factor.kind == FactorKind.TOTP)


def _step_of(secret: str, code: str, last_step: int, now: datetime) -> int | None:
    """The step that the code belongs to, or None. All steps are compared, so that time tells nothing."""
    totp, found = pyotp.TOTP(secret, digits=DIGITS), None
    for step in usable_steps(time_step(now.timestamp()), last_step):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            found = step
    return found
