"""The board: its name, its talks, and the way to the next home."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import Language, Role
from portal.core.kinds import CriterionAnswer, MeetingKind
from portal.core.states import RequestState
from portal.db import db
from portal.domain.housing import UnitAction
from portal.domain.programmes import read
from portal.models.programmes import Offer, Programme
from portal.models.referrals import TrackRequest
from portal.services import housing
from tests.factories.housing import Homes, make_accepted, make_homes, make_tenancy, make_unit
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_member
from tests.factories.referrals import make_request

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
BUTTON = "Tilbyd ledig bolig"


def programme(homes: Homes) -> Programme:
    return db.session.get_one(Programme, db.session.get_one(Offer, homes.offer.id).programme_id)


def nominate(
    homes: Homes, state: RequestState = RequestState.IN_VISITATION, *, now: datetime | None = None, held: int = 2
) -> TrackRequest:
    """A nomination that meets all criteria, with so many of its talks held."""
    request, rules = make_request(state, offer=homes.offer, now=now).request, read(homes.offer.programme.rules)
    request.criteria = {one.key: CriterionAnswer.MET.value for one in rules.kept_criteria}
    request.steps = {step.key: local_date(now or utc_now()).isoformat() for step in rules.steps[:held]}
    db.session.flush()
    return request


def page_of(request: TrackRequest) -> str:
    return f'href="/referrals/requests/{request.public_id}">{BUTTON}<'


def board(as_user: AsUser, member: Any) -> str:
    return str(as_user(member).get("/housing/").get_data(as_text=True))


def test_the_heading_is_what_the_programme_is_called_in_the_readers_language(as_user: AsUser) -> None:
    homes = make_homes()
    found = programme(homes)
    found.name_da, found.name_en = "Dannerboligerne", "The Danner homes"
    english = make_member(Role.HOUSING_COORDINATOR, homes.coordinator.organisation, language=Language.ENGLISH)
    assert "Dannerboligerne</h1>" in board(as_user, homes.coordinator)
    assert "The Danner homes</h1>" in board(as_user, english)
    assert "Boliger</h1>" in board(as_user, make_member(Role.HOUSING_COORDINATOR))


def test_each_talk_has_a_column_of_its_own(as_user: AsUser) -> None:
    homes, now = make_homes(), utc_now()
    request = nominate(homes, held=1)
    motivation, safety = read(homes.offer.programme.rules).steps
    page = board(as_user, homes.coordinator)
    for step in (motivation, safety):
        assert f'<th scope="col">{step.da}</th>' in page
    assert f'<td data-label="{motivation.da}">holdt {local_date(now):%d.%m}</td>' in page
    assert f"/meetings/new?request={request.public_id}&amp;step={safety.key}" in page
    make_meeting(homes.coordinator, kind=MeetingKind.INTAKE_TALK, request_id=request.id, step=safety.key)
    assert f'<td data-label="{safety.da}"><strong>i dag ' in board(as_user, homes.coordinator)


def test_a_free_home_leads_to_the_first_on_the_waiting_list(as_user: AsUser) -> None:
    homes, now = make_homes(), utc_now()
    nominate(homes, now=now - timedelta(days=3))
    first = nominate(homes, RequestState.WAITLISTED, now=now - timedelta(days=2))
    nominate(homes, RequestState.WAITLISTED, now=now - timedelta(days=1))
    lead = make_member(Role.PROGRAMME_LEAD, homes.coordinator.organisation)
    assert BUTTON not in board(as_user, homes.coordinator)
    make_unit(homes)
    assert page_of(first) in board(as_user, homes.coordinator)
    assert BUTTON not in board(as_user, lead)


def test_whoever_has_a_place_and_no_home_comes_first(as_user: AsUser) -> None:
    homes = make_homes()
    nominate(homes)
    make_accepted(homes)
    unit = make_unit(homes)
    assert f'href="/housing/units/{unit.public_id}">{BUTTON}<' in board(as_user, homes.coordinator)


def test_a_home_that_is_made_ready_can_be_offered_once_its_day_is_known(as_user: AsUser) -> None:
    homes, now = make_homes(), utc_now()
    request, unit, actor = nominate(homes), make_unit(homes, is_open=False), actor_of(homes.coordinator)
    assert BUTTON not in board(as_user, homes.coordinator)
    ready_on = local_date(now) + timedelta(days=9)
    housing.change_unit(unit, UnitAction.CLOSE_DOWN, reason="Males", ready_on=ready_on, actor=actor, now=now)
    housing.change_unit(unit, UnitAction.REOPEN, ready_on=ready_on, actor=actor, now=now)
    assert page_of(request) in board(as_user, homes.coordinator)


@pytest.mark.parametrize("held", [0, 1])
def test_nobody_is_offered_a_home_before_both_talks(as_user: AsUser, held: int) -> None:
    homes = make_homes()
    nominate(homes, held=held)
    make_unit(homes)
    assert BUTTON not in board(as_user, homes.coordinator)


def test_a_home_that_is_spoken_for_is_not_offered_again(as_user: AsUser) -> None:
    homes = make_homes()
    nominate(homes)
    make_request(RequestState.OFFERED, offer=homes.offer)
    make_unit(homes)
    assert BUTTON not in board(as_user, homes.coordinator)


def test_a_lead_sees_homes_and_opens_the_one_she_is_asked_about(as_user: AsUser) -> None:
    homes = make_homes()
    quiet = make_tenancy(homes, 1, moved_in_on=local_date(utc_now()))
    page = board(as_user, make_member(Role.PROGRAMME_LEAD, homes.coordinator.organisation))
    assert quiet.public_id not in page
    assert quiet.enrolment.case.reference not in page
