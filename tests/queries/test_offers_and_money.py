"""What is seen of offers, referrals, grants and volunteers: by whom, in which order, and where a list goes on."""

from datetime import date, timedelta

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import NotFound
from portal.core.kinds import TrackKind
from portal.core.states import GrantState, RequestState
from portal.db import db
from portal.domain.groups import RoundAction
from portal.queries import grants as grant_queries
from portal.queries import programmes as queries
from portal.queries import referrals as referral_queries
from portal.queries import reports
from portal.queries import volunteers as volunteer_queries
from portal.services import groups
from tests.factories.enrolments import make_enrolment
from tests.factories.followups import make_followed
from tests.factories.grants import make_application, make_house
from tests.factories.groups import make_group, make_participant
from tests.factories.people import actor_of, make_member, make_organisation
from tests.factories.referrals import make_draft, make_offer, make_request
from tests.factories.tasks import make_volunteer

pytestmark = pytest.mark.usefixtures("session")


def test_applications_wait_in_the_order_of_their_beginning_and_pages_go_on() -> None:
    house = make_house()
    made = [make_application(house, state=GrantState.SUBMITTED) for _number in range(3)]
    officer = actor_of(house.officer)
    first, cursor = grant_queries.list_queue(officer, queue="new", limit=2)
    rest, end = grant_queries.list_queue(officer, queue="new", after=cursor, limit=2)
    assert [row.public_id for row in first + rest] == [one.public_id for one in made]
    assert (end, grant_queries.list_queue(officer, queue="decide")) == (None, ([], None))


def test_a_draft_is_her_workers_alone_and_an_application_the_funds_too() -> None:
    house = make_house()
    stranger = make_house().officer
    draft, sent = (make_application(house, state=state) for state in (GrantState.DRAFT, GrantState.SUBMITTED))
    contact, officer = actor_of(house.contact), actor_of(house.officer)
    for actor, one, is_seen in (
        (contact, draft, True),
        (contact, sent, True),
        (officer, draft, False),
        (officer, sent, True),
        (actor_of(stranger), sent, False),
        (actor_of(make_member()), sent, False),
        (actor_of(make_member(Role.VOLUNTEER, house.officer.organisation)), sent, False),
    ):
        if is_seen:
            assert grant_queries.get(actor, one.public_id).id == one.id
        else:
            with pytest.raises(NotFound):
                grant_queries.get(actor, one.public_id)


def test_a_fund_is_found_by_its_public_id() -> None:
    fund = make_house().fund
    assert grant_queries.get_fund(fund.public_id).id == fund.id
    with pytest.raises(NotFound):
        grant_queries.get_fund("nothing")


def test_room_is_capacity_less_courses_and_held_places_and_never_below_nothing() -> None:
    intake = make_member(Role.INTAKE)
    endless = make_offer(organisation=intake.organisation)
    small = make_offer(organisation=intake.organisation, capacity=1)
    make_request(RequestState.OFFERED, offer=small, intake=intake)
    made = make_request(RequestState.WAITLISTED, offer=small, intake=intake)
    rows = {row.public_id: row for row in queries.list_offers(actor_of(intake))}
    assert (rows[endless.public_id].free, rows[small.public_id].free, rows[small.public_id].waiting) == (None, 0, 1)
    small.capacity = 2
    db.session.flush()
    (row,) = queries.list_offers_of(actor_of(made.sender), small.programme)
    assert row.free == 1


def test_a_programme_is_everybodys_to_read_and_an_offer_its_own_houses_to_change() -> None:
    offer = make_offer(TrackKind.GROUP)
    assert queries.get_programme(offer.programme.public_id).id == offer.programme_id
    with pytest.raises(NotFound):
        queries.get_programme("nothing")
    for role, is_theirs in ((Role.INTAKE, True), (Role.GROUP_LEADER, True), (Role.HOUSING_COORDINATOR, False)):
        actor = actor_of(make_member(role, offer.organisation))
        if is_theirs:
            assert queries.get_own_offer(actor, offer.public_id).id == offer.id
        else:
            with pytest.raises(NotFound):
                queries.get_own_offer(actor, offer.public_id)
    with pytest.raises(NotFound):
        queries.get_own_offer(actor_of(make_member(Role.INTAKE)), offer.public_id)


def test_sent_referrals_are_the_houses_the_newest_first_and_pages_go_on() -> None:
    sender = make_member()
    colleague = make_member(organisation=sender.organisation)
    made = [make_request(sender=sender) for _number in range(3)]
    make_draft(sender)
    first, cursor = referral_queries.list_sent(actor_of(colleague), limit=2)
    rest, end = referral_queries.list_sent(actor_of(colleague), after=cursor, limit=2)
    assert [row.public_id for row in first + rest] == [one.referral.public_id for one in reversed(made)]
    assert end is None
    assert referral_queries.list_sent(actor_of(make_member())) == ([], None)
    volunteer = make_member(Role.VOLUNTEER, sender.organisation)
    assert referral_queries.list_sent(actor_of(volunteer)) == ([], None)


def test_drafts_are_ones_own_alone() -> None:
    sender = make_member()
    colleague = make_member(organisation=sender.organisation)
    draft = make_draft(sender)
    assert [row.public_id for row in referral_queries.list_drafts(actor_of(sender))] == [draft.public_id]
    assert referral_queries.list_drafts(actor_of(colleague)) == []


def test_volunteers_come_in_the_order_of_registration_with_what_they_lack() -> None:
    coordinator = make_member(Role.VOLUNTEER_COORDINATOR)
    actor, today = actor_of(coordinator), local_date(utc_now())
    made = [
        make_volunteer(make_member(Role.VOLUNTEER, coordinator.organisation), actor, certificate_until=until)
        for until in (date(2030, 1, 1), None, date(2030, 1, 1))
    ]
    made[2].is_suspended = True
    db.session.flush()
    first, cursor = volunteer_queries.list_all(actor, today=today, limit=2)
    rest, end = volunteer_queries.list_all(actor, today=today, after=cursor, limit=2)
    assert [row.public_id for row in first + rest] == [one.public_id for one in made]
    assert ([len(row.missing) for row in first + rest], end) == ([0, 1, 1], None)
    assert [public_id for public_id, _name in volunteer_queries.list_ready(actor)] == [
        one.public_id for one in made[:2]
    ]
    assert volunteer_queries.get(actor, made[0].public_id).id == made[0].id
    with pytest.raises(NotFound):
        volunteer_queries.get(actor_of(make_member(Role.VOLUNTEER_COORDINATOR)), made[0].public_id)


def test_figures_are_of_one_offer_or_of_the_whole_house() -> None:
    house = make_organisation(OrganisationKind.NGO)
    worker, lead = make_member(Role.PROGRAMME_WORKER, house), make_member(Role.PROGRAMME_LEAD, house)
    intake = make_member(Role.INTAKE, house)
    first, second = make_offer(TrackKind.CTI, house), make_offer(TrackKind.TRANSITION_SUPPORT, house)
    make_followed(worker=worker, offer=first)
    make_followed(TrackKind.TRANSITION_SUPPORT, worker=worker, offer=second)
    make_request(offer=second, intake=intake)
    make_enrolment(TrackKind.CTI, is_started=True)
    today = local_date(utc_now())
    span = (today - timedelta(days=30), today + timedelta(days=30))
    for offer, expected in ((None, (2, 1, 2)), (first, (1, 0, 1)), (second, (1, 1, 1))):
        scope = reports.Scope(*span, offer_id=offer.id if offer else None)
        found = reports.figures(actor_of(lead), scope, today=today)
        assert (found.active, found.waiting, found.asked) == expected


def test_room_in_a_group_is_the_seats_of_the_rounds_that_take_in() -> None:
    house = make_group(places_max=3)
    make_participant(house)
    (row,) = queries.list_offers_of(actor_of(house.leader), house.offer.programme)
    assert (row.free, row.starts_on) == (2, house.round.starts_on)
    groups.advance(house.round, RoundAction.CANCEL, actor=actor_of(house.leader), now=utc_now())
    (row,) = queries.list_offers_of(actor_of(house.leader), house.offer.programme)
    assert (row.free, row.starts_on) == (None, None)
