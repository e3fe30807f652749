"""Second factors of one's own: who may change them, and what follows when one comes or goes."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.errors import Forbidden, NotFound
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.sign_in import FactorKind, Proof
from portal.db import db
from portal.domain.sign_in import may_change_factors
from portal.models.sign_in import Factor, RecoveryCode
from portal.models.users import UserSession
from portal.services import audit, devices, sessions
from portal.services.accounts import SignedIn


def kinds_of(user_id: int | None) -> frozenset[FactorKind]:
    """Which kinds of second factor somebody has in use; none for nobody."""
    rows = db.session.scalars(
        sa.select(Factor.kind).distinct().where(Factor.user_id == (user_id or 0), Factor.confirmed_at.is_not(None))
    )
    return frozenset(rows)


def require_may_change(session: SignedIn) -> None:
    """Raise Forbidden where this session may not change factors (R-431)."""
    kinds = kinds_of(session.actor.user_id)
    if not may_change_factors(session.proof, has_passkey=FactorKind.PASSKEY in kinds, has_app=FactorKind.TOTP in kinds):
        raise Forbidden(_("Confirm with your passkey first: without it your ways of signing in cannot be changed."))


def note_added(factor: Factor, session: SignedIn, *, now: datetime) -> None:
    """What follows a new factor: this session counts as opened with it, all others end, she is told (R-435)."""
    proof = Proof.PASSKEY if factor.kind is FactorKind.PASSKEY else Proof.CODE
    if session.proof is not Proof.PASSKEY:
        own = UserSession.token_hash == session.token_hash
        db.session.execute(sa.update(UserSession).where(own).values(proof=proof))
    _changed(Audit.FACTOR_ADDED, factor, session, now)


def remove(public_id: str, session: SignedIn, *, now: datetime) -> None:
    """Take away one of one's own factors. All other sessions end. Raises NotFound, Forbidden."""
    factor = db.session.scalar(
        sa.select(Factor).where(Factor.public_id == public_id, Factor.user_id == session.actor.user_id)
    )
    if factor is None:
        raise NotFound
    require_may_change(session)
    db.session.delete(factor)
    db.session.flush()
    _changed(Audit.FACTOR_REMOVED, factor, session, now)


def remove_all(user_id: int) -> None:
    """Take away every factor and recovery code of somebody who has lost them. The caller writes why."""
    db.session.execute(sa.delete(Factor).where(Factor.user_id == user_id))
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def _changed(tag: Audit, factor: Factor, session: SignedIn, now: datetime) -> None:
    user_id = session.actor.user_id or 0
    sessions.end_other_sessions(user_id, keep=session.token_hash, now=now)
    audit.record(tag, SubjectType.USER, factor.public_id, actor=session.actor, now=now)
    devices.tell(user_id, f"{tag.value}:{factor.public_id}", now=now)
    db.session.flush()
