"""Courses that are followed up, and follow-ups brought to a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import TrackKind
from portal.core.measures import FollowUpPoint, InstrumentKey
from portal.db import db
from portal.domain.instrument_forms import INSTRUMENTS
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.organisations import Organisation
from portal.models.programmes import Offer
from portal.models.users import Membership
from portal.queries import followups as queries
from portal.services import enrolments
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.referrals import make_offer


@dataclass
class Followed:
    """A course that has begun, with its worker."""

    worker: Membership
    enrolment: Enrolment
    case: Case

    def follow_up(self, point: FollowUpPoint = FollowUpPoint.START) -> FollowUp:
        """The follow-up of a point in time, loaded as a page loads it."""
        public_id = db.session.scalar(
            sa.select(FollowUp.public_id).where(FollowUp.enrolment_id == self.enrolment.id, FollowUp.point == point)
        )
        assert public_id is not None
        return queries.get(actor_of(self.worker), public_id)


def make_followed(
    kind: TrackKind = TrackKind.CTI,
    *,
    worker: Membership | None = None,
    now: datetime | None = None,
    moved_before: int | None = 0,
    offer: Offer | None = None,
    begins: bool = True,
) -> Followed:
    """A course that began today, so that the follow-up at its start is due. For CTI she moved so many days before."""
    now = now or utc_now()
    worker = worker or make_member(Role.PROGRAMME_WORKER, make_organisation(OrganisationKind.NGO))
    case = make_case(worker, now=now)
    if moved_before is not None:
        case.moved_on = local_date(now) - timedelta(days=moved_before)
    offer = offer or make_offer(kind, db.session.get_one(Organisation, worker.organisation_id))
    actor = actor_of(worker)
    enrolment = enrolments.propose(case_id=case.id, offer=offer, actor=actor, now=now, worker_id=worker.user_id)
    if begins:
        enrolments.start(enrolment, started_on=local_date(now), actor=actor, now=now)
    return Followed(worker, enrolment, case)


def full_answers(*keys: InstrumentKey, value: int | None = None) -> dict[InstrumentKey, dict[str, int]]:
    """Every question of the forms answered: with the lowest step, or with `value`."""
    return {
        key: {item.key: INSTRUMENTS[key].low if value is None else value for item in INSTRUMENTS[key].items}
        for key in keys
    }
