"""Offers: opened, closed and given their places by those who answer, at their own organisation."""

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.db import db
from portal.models.audit import AuditEntry
from portal.services import programmes
from tests.factories.people import actor_of, make_member
from tests.factories.referrals import make_offer

pytestmark = pytest.mark.usefixtures("session")


def test_an_offer_is_closed_and_given_places_with_a_trace() -> None:
    offer = make_offer()
    actor = actor_of(make_member(Role.INTAKE, offer.organisation))
    programmes.set_accepting(offer, False, actor=actor, now=utc_now())
    programmes.set_capacity(offer, 12, actor=actor, now=utc_now())
    assert (offer.is_accepting, offer.capacity) == (False, 12)
    programmes.set_capacity(offer, None, actor=actor, now=utc_now())
    assert offer.capacity is None
    trail = sa.select(AuditEntry.fields).where(AuditEntry.action == Audit.OFFER_CHANGED).order_by(AuditEntry.id)
    assert db.session.scalars(trail).all() == [["is_accepting"], ["capacity"], ["capacity"]]


@pytest.mark.parametrize("places", [0, -1, 10_001])
def test_a_number_of_places_is_above_nothing_and_below_the_unthinkable(places: int) -> None:
    offer = make_offer(capacity=5)
    actor = actor_of(make_member(Role.INTAKE, offer.organisation))
    with pytest.raises(Invalid) as refusal:
        programmes.set_capacity(offer, places, actor=actor, now=utc_now())
    assert (refusal.value.field, offer.capacity) == ("capacity", 5)


def test_another_organisations_offer_is_not_there_and_other_roles_may_not() -> None:
    offer = make_offer()
    for member, error in ((make_member(Role.INTAKE), NotFound), (make_member(), Forbidden)):
        with pytest.raises(error):
            programmes.set_accepting(offer, False, actor=actor_of(member), now=utc_now())
        with pytest.raises(error):
            programmes.set_capacity(offer, 1, actor=actor_of(member), now=utc_now())
    assert (offer.is_accepting, offer.capacity) == (True, None)
