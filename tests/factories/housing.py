"""Homes and who lives in them."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import TrackKind
from portal.domain.housing import UnitAction
from portal.models.enrolments import Enrolment
from portal.models.housing import HousingUnit, Tenancy
from portal.models.programmes import Offer
from portal.models.users import Membership
from portal.queries import tenancies as queries
from portal.services import enrolments, housing, tenancies
from tests.factories.people import actor_of, agree, make_case, make_member, make_organisation
from tests.factories.referrals import make_offer


@dataclass
class Homes:
    """A housing programme with its coordinator."""

    offer: Offer
    coordinator: Membership
    contact: Membership


def make_homes() -> Homes:
    """A housing programme without homes yet."""
    organisation = make_organisation(OrganisationKind.NGO)
    offer = make_offer(TrackKind.HOUSING, organisation)
    return Homes(offer, make_member(Role.HOUSING_COORDINATOR, organisation), make_member())


def make_unit(homes: Homes, number: int = 1, *, is_open: bool = True, now: datetime | None = None) -> HousingUnit:
    """A home, free and offered unless `is_open` is false."""
    now, actor = now or utc_now(), actor_of(homes.coordinator)
    unit = housing.add_unit(homes.offer, number, actor=actor, now=now, address="Hemmeligvej 1")
    for action in (UnitAction.MAKE_READY, UnitAction.ACCEPT) if is_open else ():
        housing.change_unit(unit, action, actor=actor, now=now)
    return unit


def make_accepted(homes: Homes, *, now: datetime | None = None) -> Enrolment:
    """Somebody whose place is given and who has no home."""
    now = now or utc_now()
    case = make_case(homes.contact, now=now)
    agree(case, homes.offer.organisation_id)
    return enrolments.propose(case_id=case.id, offer=homes.offer, actor=actor_of(homes.coordinator), now=now)


def make_tenancy(
    homes: Homes, number: int = 1, *, moved_in_on: date | None = None, now: datetime | None = None
) -> Tenancy:
    """A tenancy: reserved, or lived in since a day."""
    now, actor = now or utc_now(), actor_of(homes.coordinator)
    unit, course = make_unit(homes, number, now=now), make_accepted(homes, now=now)
    made = housing.reserve(unit, course, local_date(now), actor=actor, now=now)
    tenancy = queries.get_tenancy(actor, made.public_id)
    if moved_in_on is not None:
        tenancies.move_in(tenancy, moved_in_on, "Hun boede hos en veninde", actor=actor, now=now)
    return tenancy
