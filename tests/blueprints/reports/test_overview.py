"""The lead's overview: figures known beforehand, no names of women, the same cost however many there are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.measures import AskedHow, InstrumentKey
from portal.core.states import RequestState, UnitState
from portal.db import db
from portal.models.housing import HousingUnit
from portal.models.organisations import Organisation
from portal.models.programmes import Offer
from portal.queries import lead_cases, reports
from portal.services import followup_answers
from tests.factories.followups import Followed, full_answers, make_followed
from tests.factories.people import actor_of, make_member
from tests.factories.referrals import make_offer, make_request
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def answer(made: Followed, *, is_exposed: bool) -> None:
    follow_up = made.follow_up()
    followup_answers.fill_in(
        follow_up,
        full_answers(InstrumentKey.EXPOSURE, value=int(is_exposed)),
        AskedHow.TOGETHER,
        is_done=True,
        version=follow_up.version,
        actor=actor_of(made.worker),
        now=utc_now(),
    )


def test_the_figures_are_those_counted_by_hand() -> None:
    now = utc_now()
    first = make_followed()
    worker, organisation = first.worker, db.session.get_one(Organisation, first.worker.organisation_id)
    offer = db.session.scalar(
        sa.select(Offer).options(joinedload(Offer.programme)).where(Offer.id == first.enrolment.offer_id)
    )
    others = [make_followed(worker=worker, offer=offer) for _ in range(2)]
    answer(first, is_exposed=True)
    answer(others[0], is_exposed=False)
    network = make_offer(TrackKind.VOLUNTEER_NETWORK, organisation)
    make_request(offer=network, now=now - timedelta(days=9))
    make_request(RequestState.DECLINED, offer=network)
    for number, state in enumerate((UnitState.OCCUPIED, UnitState.VACANT_READY, UnitState.OUT_OF_SERVICE), 1):
        db.session.add(HousingUnit(offer_id=network.id, organisation_id=organisation.id, number=number, state=state))
    db.session.flush()
    make_followed()
    lead = actor_of(make_member(Role.PROGRAMME_LEAD, organisation))
    today = local_date(now)
    scope = reports.Scope(today - timedelta(days=20), today + timedelta(days=20))
    found = reports.figures(lead, scope, today=today)
    assert (found.active, found.waiting, found.occupied, found.units) == (3, 1, 1, 2)
    assert (found.on_time, found.asked) == (2, 3)
    assert found.oldest_sent_at is not None
    assert local_date(found.oldest_sent_at) == today - timedelta(days=9)
    [load] = reports.caseloads(lead, scope, today=today)
    assert (load.phases, load.other, load.total) == ((0, 3, 0, 0), 0, 3)
    assert list(reports.exposure(lead, scope).values()) == [(1, 2)]
    assert reports.waited_days(lead, scope) == []


def test_the_page_says_few_and_never_effect(as_user: AsUser) -> None:
    made = make_followed()
    answer(made, is_exposed=True)
    lead = make_member(Role.PROGRAMME_LEAD, db.session.get_one(Organisation, made.worker.organisation_id))
    browser = as_user(lead)
    page = browser.get("/reports/").get_data(as_text=True)
    assert "uden kontrolgruppe" in page
    assert "effekt" not in page.lower()
    assert browser.get("/reports/?quarter=2026-3&offer=").status_code == 200
    assert browser.get("/reports/?quarter=x").status_code == 200
    assert browser.get("/reports/?offer=aaaaaaaaaaaaaaaaaaaaaa").status_code == 404


def test_the_list_names_nobody(as_user: AsUser) -> None:
    made = make_followed()
    lead = make_member(Role.PROGRAMME_LEAD, db.session.get_one(Organisation, made.worker.organisation_id))
    made.case.client.name = "Amira Demo"
    lead_reference, reference = made.case.lead_reference, made.case.reference
    browser = as_user(lead)
    page = browser.get("/reports/cases").get_data(as_text=True)
    assert lead_reference in page
    assert "Amira" not in page
    assert reference not in page
    assert browser.get("/reports/cases?after=nonsense").status_code == 400


@pytest.mark.parametrize("path", ["/reports/", "/reports/cases"])
def test_others_are_refused_at_the_door(as_user: AsUser, path: str) -> None:
    for role in (Role.PROGRAMME_WORKER, Role.VOLUNTEER, Role.ADMINISTRATOR):
        assert as_user(make_member(role)).get(path).status_code == 403


def test_a_lead_elsewhere_counts_none_of_it() -> None:
    make_followed()
    stranger = actor_of(make_member(Role.PROGRAMME_LEAD))
    assert lead_cases.list_live(stranger, today=local_date(utc_now())) == ([], None)


@pytest.mark.parametrize("path", ["/reports/", "/reports/cases"])
def test_the_page_costs_the_same_for_fifty_courses_as_for_one(
    as_user: AsUser, count_queries: Counter, path: str
) -> None:
    made = make_followed()
    browser = as_user(make_member(Role.PROGRAMME_LEAD, db.session.get_one(Organisation, made.worker.organisation_id)))
    seen = []
    for more in (0, 49):
        offer = db.session.scalar(sa.select(Offer).options(joinedload(Offer.programme)))
        for _ in range(more):
            make_followed(worker=made.worker, offer=offer)
        db.session.commit()
        count_queries.start()
        assert browser.get(path).status_code == 200
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements
