"""A place that two give at the same moment is given once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, joinedload

from portal.core.clock import utc_now
from portal.core.errors import Conflict
from portal.core.kinds import TrackKind
from portal.db import db, transaction
from portal.models.enrolments import Enrolment
from portal.models.programmes import Offer
from portal.services import enrolments
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_offer

# Whether another connection to this database waits for a lock.
WAITS = sa.text(
    "SELECT EXISTS (SELECT 1 FROM pg_locks w WHERE NOT w.granted AND w.pid IN (SELECT pid FROM pg_locks"
    " WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())))"
)
MOST_LOOKS = 100_000
SECONDS = 60


def test_the_second_of_two_at_once_is_told_that_the_place_is_given(app: Flask, committed: Session) -> None:
    with transaction():
        contact = make_member()
        actor, case_id = actor_of(contact), make_case(contact).id
        offer_id = make_offer(TrackKind.TRANSITION_SUPPORT).id
    has_given = Event()

    def propose() -> None:
        offer = db.session.scalars(
            sa.select(Offer).where(Offer.id == offer_id).options(joinedload(Offer.programme))
        ).one()
        enrolments.propose(case_id=case_id, offer=offer, actor=actor, now=utc_now())

    def first() -> bool:
        with app.app_context(), transaction():
            propose()
            has_given.set()
            # The second has not seen the place and waits for the first to be done.
            return any(db.session.scalar(WAITS) for _look in range(MOST_LOOKS))

    def second() -> bool:
        assert has_given.wait(SECONDS)
        with app.app_context():
            try:
                with transaction():
                    propose()
                return True
            except Conflict:
                return False

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(first), pool.submit(second)]
        assert [run.result() for run in runs] == [True, False]
    assert committed.scalar(sa.select(sa.func.count()).select_from(Enrolment)) == 1
