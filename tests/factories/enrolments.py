"""Courses of every kind, given through the services."""

from typing import Any

from portal.core.clock import local_date, utc_now
from portal.core.courses import MissingCheck
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import TrackKind
from portal.db import db
from portal.domain.last_checks import Unchecked
from portal.models.enrolments import Enrolment
from portal.models.grants import Fund
from portal.models.users import Membership
from portal.queries import enrolments as queries
from portal.services import cases, enrolments
from tests.factories.people import actor_of, agree, make_case, make_member, make_organisation
from tests.factories.referrals import make_offer

# Said where nobody has looked at her safety in the last 14 days.
UNCHECKED = Unchecked(MissingCheck.NOT_WANTED)
ROLE_FOR = {TrackKind.COORDINATING_COUNSELLING: Role.MUNICIPAL_ADVISER}


def make_enrolment(kind: TrackKind, *, is_started: bool = False, **rules: Any) -> tuple[Membership, Enrolment]:
    """A course, and the worker whose it is. The worker is on the team of the case."""
    role = ROLE_FOR.get(kind, Role.PROGRAMME_WORKER)
    house = OrganisationKind.MUNICIPALITY if role is Role.MUNICIPAL_ADVISER else OrganisationKind.NGO
    organisation = make_organisation(house)
    worker = make_member(role, organisation)
    contact = make_member()
    case = make_case(contact)
    cases.join_team(case.id, worker.user_id, actor=actor_of(contact), now=utc_now())
    offer = make_offer(kind, organisation, **rules)
    if kind is TrackKind.GRANT:
        db.session.add(
            Fund(
                organisation_id=organisation.id,
                offer_id=offer.id,
                name="Starthjælp",
                budget_ore=1_000_000,
                reserved_ore=0,
                spent_ore=0,
                second_approval_above_ore=500_000,
            )
        )
        db.session.flush()
    agree(case, organisation.id)
    given = enrolments.propose(
        case_id=case.id, offer=offer, actor=actor_of(contact), now=utc_now(), worker_id=worker.user_id
    )
    course = queries.get(actor_of(worker), given.public_id)
    if is_started:
        enrolments.start(course, started_on=local_date(utc_now()), actor=actor_of(worker), now=utc_now())
    return worker, course
