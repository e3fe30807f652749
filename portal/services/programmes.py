"""Offers: opened and closed for referrals, and given their number of places."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotFound, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.permissions import require
from portal.domain.workflow import check_version
from portal.models.programmes import Offer
from portal.services import audit

MOST_PLACES = 10_000


def set_accepting(offer: Offer, is_accepting: bool, *, actor: Actor, now: datetime) -> None:
    """Open or close an offer for referrals. Those that are under way go on.

    `offer` has its programme loaded. Raises NotFound for another organisation's, NotNow for a retired one.
    """
    require(actor, Permission.REFERRAL_ANSWER)
    if offer.organisation_id != actor.organisation_id:
        raise NotFound
    if is_accepting and offer.programme.retired_on is not None:
        raise NotNow(_("The programme has been retired: nobody new is taken in."))
    offer.is_accepting = is_accepting
    audit.record(
        Audit.OFFER_CHANGED, SubjectType.PROGRAMME, offer.public_id, actor=actor, now=now, fields=["is_accepting"]
    )
    db.session.flush()


def set_capacity(
    offer: Offer, capacity: int | None, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Say how many places there are at once; None for no fixed number. Raises Invalid outside 1 to 10,000, Stale."""
    require(actor, Permission.REFERRAL_ANSWER)
    if offer.organisation_id != actor.organisation_id:
        raise NotFound
    check_version(version, offer.version)
    if capacity is not None and not 1 <= capacity <= MOST_PLACES:
        raise Invalid(_("Write a number of places above 0, or leave it empty."), field="capacity")
    offer.capacity = capacity
    audit.record(Audit.OFFER_CHANGED, SubjectType.PROGRAMME, offer.public_id, actor=actor, now=now, fields=["capacity"])
    db.session.flush()
