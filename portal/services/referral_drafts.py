"""Drafts of referrals thrown away: by their writer, or because nobody went on with them."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.db import db
from portal.domain.referrals import (
    DRAFT_DAYS,
)
from portal.models.referrals import Referral, TrackRequest
from portal.services import deadlines
from portal.services.referrals import check_draft, record


def discard(referral: Referral, *, actor: Actor, now: datetime) -> None:
    """Throw a draft away. Nothing of it is kept but that it was thrown away."""
    check_draft(referral, actor)
    _throw_away(referral, actor=actor, now=now)


def purge_draft(referral_id: int, *, actor: Actor, now: datetime) -> bool:
    """Throw away a draft that nobody has edited for 30 days; False when it is gone or was edited meanwhile (R-159)."""
    referral = db.session.scalar(sa.select(Referral).where(Referral.id == referral_id).with_for_update())
    if referral is None or referral.sent_at is not None or referral.edited_at > now - timedelta(days=DRAFT_DAYS):
        return False
    _throw_away(referral, actor=actor, now=now)
    return True


def _throw_away(referral: Referral, *, actor: Actor, now: datetime) -> None:
    record(Audit.REFERRAL_DISCARDED, referral, actor, now)
    deadlines.call_off(referral.public_id, actor=actor, now=now)
    db.session.execute(sa.delete(TrackRequest).where(TrackRequest.referral_id == referral.id))
    db.session.delete(referral)
    db.session.flush()
