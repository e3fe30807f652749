"""Rounds with participants."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import TrackKind
from portal.core.states import RoundState
from portal.domain.groups import RoundAction
from portal.models.enrolments import Enrolment
from portal.models.groups import GroupRound
from portal.models.programmes import Offer
from portal.models.users import Membership
from portal.services import enrolments, groups
from tests.factories.people import actor_of, agree, make_case, make_member, make_organisation
from tests.factories.referrals import make_offer


@dataclass
class GroupHouse:
    """A group programme with its two leaders and one round."""

    offer: Offer
    leader: Membership
    other: Membership
    contact: Membership
    round: GroupRound


def make_group(state: RoundState = RoundState.ENROLLING, *, now: datetime | None = None, **changes: Any) -> GroupHouse:
    """A round that began today, with two leaders, brought to a state by the services."""
    now = now or utc_now()
    organisation = make_organisation(OrganisationKind.NGO)
    leader, other = (make_member(Role.GROUP_LEADER, organisation) for _number in range(2))
    offer = make_offer(TrackKind.GROUP, organisation)
    values: dict[str, Any] = {
        "name": "Efterår",
        "starts_on": local_date(now) - timedelta(days=7),
        "starts_at": time(0, 1),
        "session_minutes": 120,
        "session_count": 4,
        "step_days": 7,
        "places_min": 1,
        "places_max": 2,
        "leader_ids": (leader.user_id, other.user_id),
    }
    actor = actor_of(leader)
    row = groups.plan_round(offer, groups.NewRound(**values | changes), actor=actor, now=now)
    house = GroupHouse(offer, leader, other, make_member(), row)
    if state is RoundState.CANCELLED:
        groups.advance(row, RoundAction.CANCEL, actor=actor, now=now)
    elif state is not RoundState.PLANNED:
        groups.advance(row, RoundAction.OPEN, actor=actor, now=now)
    return house


def make_nominated(house: GroupHouse, *, now: datetime | None = None, **values: Any) -> Enrolment:
    """Somebody whose place in the programme is given, without a seat."""
    now = now or utc_now()
    case = make_case(house.contact, now=now, **values)
    agree(case, house.offer.organisation_id)
    return enrolments.propose(case_id=case.id, offer=house.offer, actor=actor_of(house.leader), now=now)


def make_participant(house: GroupHouse, *, now: datetime | None = None, **values: Any) -> Enrolment:
    """Somebody with a seat."""
    course = make_nominated(house, now=now, **values)
    groups.place(house.round, course, actor=actor_of(house.leader), now=now or utc_now())
    return course
